package dev.rackhouse.rehearsal;

import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerStarter;
import dev.rackhouse.Rackhouse;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.passthrough.Passthrough;
import dev.rackhouse.passthrough.PassthroughDraft;
import dev.rackhouse.passthrough.PassthroughPlan;
import dev.rackhouse.passthrough.Readiness;
import dev.rackhouse.passthrough.Site;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** The console's own parts in this JVM, looking at the pretend labs as always, its executor at rest: plans are made here as a wizard makes them. */
final class Workbench implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    private Workbench(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** @param folder for the database and keys of this console */
    static Workbench start(PretendLabs labs, Path folder, Map<String, Object> more) {
        return open(
                labs,
                folder,
                more,
                context -> context.registerBean(DbSchedulerStarter.class, () -> Workbench::restingScheduler));
    }

    /** The same with its executor at work: runs that are started here are executed here. */
    static Workbench working(PretendLabs labs, Path folder, Map<String, Object> more) {
        return open(labs, folder, more, _ -> {});
    }

    private static Workbench open(
            PretendLabs labs,
            Path folder,
            Map<String, Object> more,
            ApplicationContextInitializer<GenericApplicationContext> start) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "server.port", "0",
                "server.address", "127.0.0.1",
                "rackhouse.data-directory", folder.toString(),
                "rackhouse.labs.file", labs.labsFile().toString(),
                "rackhouse.sign-in.issuer", "http://127.0.0.1:1",
                "rackhouse.sign-in.client-id", "workbench",
                "rackhouse.sign-in.client-secret", "nobody signs in here",
                "logging.level.root", "warn"));
        settings.put(
                "rackhouse.passthrough.image-url",
                labs.ready().path("image").path("url").asString(""));
        settings.put(
                "rackhouse.passthrough.image-checksum",
                labs.ready().path("image").path("sha256").asString(""));
        settings.putAll(more);
        String[] arguments = settings.entrySet().stream()
                .map(e -> "--" + e.getKey() + "=" + e.getValue())
                .toArray(String[]::new);
        return new Workbench(new SpringApplicationBuilder(Rackhouse.class)
                .initializers(start)
                .logStartupInfo(false)
                .run(arguments));
    }

    /** Takes the place of what would start the executor: runs are queued here and executed by others. */
    private static void restingScheduler() {}

    <T> T part(Class<T> type) {
        return context.getBean(type);
    }

    <T> List<T> parts(Class<T> type) {
        return context.getBeanProvider(type).orderedStream().toList();
    }

    /** Waits until the node was probed. */
    NodeRef awaitNode(String name) {
        Inventory inventory = part(Inventory.class);
        long deadline = System.nanoTime() + Duration.ofSeconds(120).toNanos();
        while (System.nanoTime() < deadline) {
            for (var node : inventory.nodes()) {
                if (node.ref().node().equals(name)
                        && inventory.facts(node.ref()).isPresent()) {
                    return node.ref();
                }
            }
            pause();
        }
        throw new IllegalStateException("Node " + name + " was not probed within two minutes");
    }

    /** The plan that the wizard would make when every suggestion is taken and every warning ticked. */
    PassthroughPlan planPassthrough(NodeRef node, PciSlot slot) {
        return planPassthrough(slot, site(node));
    }

    /** What is known of a node that was probed. */
    Site site(NodeRef node) {
        return part(Passthrough.class)
                .site(node)
                .orElseThrow(() -> new IllegalStateException("Nothing is known of " + node));
    }

    /** The same for a place that differs from what was seen. */
    PassthroughPlan planPassthrough(PciSlot slot, Site site) {
        NodeRef node = site.node();
        Passthrough passthrough = part(Passthrough.class);
        PassthroughDraft draft =
                passthrough.suggest(passthrough.draft().withNode(node).withDevices(List.of(slot.toString())), site);
        Readiness readiness = passthrough.assess(draft, site);
        if (readiness instanceof Readiness.Blocked blocked
                && !blocked.toConfirm().isEmpty()) {
            draft = draft.withAccepted(
                    blocked.toConfirm().stream().map(Finding::key).collect(Collectors.toSet()));
            readiness = passthrough.assess(draft, site);
        }
        return switch (readiness) {
            case Readiness.Ready ready -> ready.plan();
            case Readiness.Blocked blocked ->
                throw new IllegalStateException(
                        "No plan for " + slot + " on " + node.node() + ": " + String.join("; ", blocked.blockers()));
        };
    }

    /** Asks until there is an answer. */
    <T> T await(String what, Duration most, Supplier<Optional<T>> question) {
        long deadline = System.nanoTime() + most.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<T> answer = question.get();
            if (answer.isPresent()) {
                return answer.get();
            }
            pause();
        }
        throw new IllegalStateException("It did not come to pass within " + most.toSeconds() + " s that " + what);
    }

    static void pause() {
        try {
            Thread.sleep(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
