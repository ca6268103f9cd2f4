package dev.rackhouse.inference;

import dev.rackhouse.base.Secret;
import dev.rackhouse.base.StartRefused;
import dev.rackhouse.lab.Lab;
import dev.rackhouse.lab.Labs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/** Reads the inference file once labs are there. Whatever is wrong with it refuses the start, naming file and place. */
@Component
@EnableConfigurationProperties(InferenceSettings.class)
class InferenceFileAtStart implements ApplicationRunner {

    private static final Logger LOG = LoggerFactory.getLogger(InferenceFileAtStart.class);

    private final InferenceSettings settings;
    private final DeclaredServing declared;
    private final ServingSecrets secrets;
    private final Labs labs;

    InferenceFileAtStart(InferenceSettings settings, DeclaredServing declared, ServingSecrets secrets, Labs labs) {
        this.settings = settings;
        this.declared = declared;
        this.secrets = secrets;
        this.labs = labs;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        String file = settings.file();
        if (file == null || file.isBlank()) {
            return;
        }
        try {
            InferenceFile read = InferenceFile.read(
                    Files.readString(Path.of(file)),
                    name -> labs.list().stream()
                            .filter(l -> l.name().equalsIgnoreCase(name))
                            .map(Lab::id)
                            .findFirst());
            if (!read.leftOut().isEmpty()) {
                LOG.warn(
                        "Deployments of labs that are not connected are left out: {}",
                        String.join(", ", read.leftOut()));
            }
            Map<String, Secret> keys = keys(read, Path.of(file));
            declared.apply(read);
            secrets.declareRouterKeys(keys);
        } catch (IOException e) {
            throw new StartRefused(
                    "The inference file " + file + " cannot be read: " + e.getMessage() + ".",
                    "Correct rackhouse.inference.file (RACKHOUSE_INFERENCE_FILE), or the rights of the file.",
                    e);
        } catch (YamlEntry.Wrong e) {
            throw new StartRefused(
                    "The inference file " + file + ", " + e.getMessage() + ".", "Correct the file and start again.", e);
        }
    }

    private static Map<String, Secret> keys(InferenceFile read, Path file) {
        Map<String, Secret> keys = new HashMap<>();
        read.routerKeys().forEach((router, source) -> {
            String at = "routers, the key of " + router;
            try {
                Secret key = source.read(file, System::getenv);
                if (!ServingSecrets.sendable(key)) {
                    throw new YamlEntry.Wrong(
                            at, "is no key: it has 8 to 500 letters, digits and signs, and no spaces");
                }
                keys.put(router, key);
            } catch (IllegalArgumentException nothingThere) {
                throw new YamlEntry.Wrong(at, String.valueOf(nothingThere.getMessage()));
            }
        });
        return keys;
    }
}
