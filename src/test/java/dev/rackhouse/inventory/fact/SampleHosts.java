package dev.rackhouse.inventory.fact;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The recorded probe outputs that tests tell their stories with. */
public final class SampleHosts {

    public static final List<String> ALL =
            List.of("thor", "caraxes", "meraxes", "helium", "generic/before", "generic/after", "generic/shared-group");

    private SampleHosts() {}

    public static String dump(String host) {
        try (InputStream in = SampleHosts.class.getResourceAsStream("/facts/hosts/" + host + "/probe.txt")) {
            return new String(Objects.requireNonNull(in, host).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static HostFacts facts(String host) {
        return parsed(dump(host));
    }

    public static HostFacts parsed(String dump) {
        return switch (ProbeReport.parse(dump)) {
            case ProbeReport.Complete(HostFacts facts) -> facts;
            case ProbeReport.Discarded(var reason, String sentence) -> throw new AssertionError(sentence);
        };
    }

    /** The facts of a dump with lines changed. */
    public static HostFacts changed(String host, java.util.function.UnaryOperator<String> change) {
        return parsed(changedDump(host, change));
    }

    /** The dump with lines changed and its count put right. */
    public static String changedDump(String host, java.util.function.UnaryOperator<String> change) {
        String changed = change.apply(dump(host));
        List<String> records =
                changed.lines().filter(l -> !l.startsWith("END\t")).toList();
        return String.join("\n", records) + "\nEND\t" + records.size() + "\n";
    }
}
