package dev.rackhouse.rehearsal;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.EngineCall;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.GpuPin;
import dev.rackhouse.inference.ModelId;
import dev.rackhouse.inference.PlaceHosts;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.deploy.DeployFacts;
import dev.rackhouse.inference.deploy.Deploying;
import dev.rackhouse.inference.fit.ServingProfile;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.lab.Labs;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Command.ServiceCall;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.Machines;
import dev.rackhouse.runbook.MetGuests;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import tools.jackson.databind.json.JsonMapper;

/** thor's guest with its two cards, in which two models and an embedding server run, as rehearsals of model serving find it. */
final class ThorsGuest {

    static final Scene SCENE = new Scene("thor", "thor");
    static final String VLLM = "vllm/vllm-openai:v0.29.0";

    static final int VMID = 110;

    /** Ollama serves a model under its own name. */
    private static final String OLLAMA_MODEL = "qwen2.5:7b";

    private final Workbench workbench;
    private final PlaceRef place;
    private final MetGuests keys = new MetGuests();

    private ThorsGuest(Workbench workbench, PlaceRef place) {
        this.workbench = workbench;
        this.place = place;
    }

    /** Settings by which the console knows what the pretend homelabs serve, and their router. */
    static Map<String, Object> served(Path folder) {
        return served(folder, UnaryOperator.identity());
    }

    /** The same with something declared otherwise. */
    static Map<String, Object> served(Path folder, UnaryOperator<String> otherwise) {
        Path file = folder.resolve("inference.yaml");
        try (InputStream in = Objects.requireNonNull(
                ThorsGuest.class.getResourceAsStream("/labs/inference.yaml"), "inference.yaml")) {
            Files.createDirectories(folder);
            Files.writeString(file, otherwise.apply(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of("rackhouse.inference.file", file.toString());
    }

    /** Somebody has let the console into the guest. */
    static ThorsGuest opened(Workbench workbench, Control control, NodeRef node) {
        String key = workbench.part(Labs.class).publicKey(node.lab());
        String encoded = URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
        control.post(
                "/guests",
                JsonMapper.shared()
                        .writeValueAsString(
                                Map.of("vmid", VMID, "node", node.node(), "config", Map.of("sshkeys", encoded))));
        GuestRef guest = new GuestRef(node.lab(), new VmId(VMID));
        return new ThorsGuest(workbench, new PlaceRef.InGuest(guest));
    }

    private Host host() {
        GuestRef guest = ((PlaceRef.InGuest) place).guest();
        Inventory inventory = workbench.part(Inventory.class);
        return workbench.await("guest " + guest.vmid() + " is seen with its address", Duration.ofSeconds(90), () -> {
            inventory.refresh(guest.lab());
            inventory.opened(guest);
            return workbench.part(PlaceHosts.class).host(place);
        });
    }

    /** Stops a container, as somebody did before; waits until the guest answers. */
    void stopped(String container) {
        done(new EngineCall(host()).stop(container));
    }

    /** Starts a container anew, as somebody does by hand. */
    void restarted(String container) {
        stopped(container);
        done(new EngineCall(host()).start(container));
    }

    private void done(ServiceCall call) {
        Answer answer = answered(() -> workbench.part(Machines.class).call(call, keys));
        if (!answer.succeeded()) {
            throw new IllegalStateException("Docker refused " + call.path() + ": " + answer.error());
        }
    }

    /** The GPUs by the order of the driver. */
    List<GpuPin> gpus() {
        return facts(deployment("nobody", "qwen2.5-7b-instruct", "fp16", EngineKind.VLLM, List.of(), VLLM, 8099))
                .gpus()
                .stream()
                .map(gpu -> new GpuPin(gpu.uuid(), null))
                .toList();
    }

    DeployFacts facts(Deployment deployment) {
        host();
        return answered(() -> workbench.part(Deploying.class).look(deployment));
    }

    Deployment deployment(
            String name, String model, String files, EngineKind engine, List<GpuPin> gpus, String image, int port) {
        boolean vllm = engine == EngineKind.VLLM;
        return new Deployment(
                new DeploymentId(name),
                new ModelId(model),
                files,
                engine,
                place,
                gpus,
                image,
                port,
                engine == EngineKind.OLLAMA ? OLLAMA_MODEL : name,
                vllm ? "/srv/hf" : "/srv/models",
                vllm ? ServingProfile.seeds(16384) : ServingProfile.seeds(2048).withSequences(1),
                false);
    }

    private interface Ask<T> {
        T ask();
    }

    /** A guest that boots does not answer at once. */
    private static <T> T answered(Ask<T> ask) {
        for (int attempt = 0; ; attempt++) {
            try {
                return ask.ask();
            } catch (RemoteFailure stillBooting) {
                if (attempt > 10) {
                    throw stillBooting;
                }
                Workbench.pause();
            }
        }
    }
}
