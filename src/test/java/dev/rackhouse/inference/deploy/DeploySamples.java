package dev.rackhouse.inference.deploy;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.GpuPin;
import dev.rackhouse.inference.GpuReading;
import dev.rackhouse.inference.LaunchSpec;
import dev.rackhouse.inference.Model;
import dev.rackhouse.inference.ServingSamples;
import dev.rackhouse.inference.fit.ComputeCapability;
import dev.rackhouse.inference.fit.ServingProfile;
import dev.rackhouse.inference.live.StartTimes;
import dev.rackhouse.runbook.Host;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** thor's guest with its two cards, and wishes to deploy there. */
final class DeploySamples {

    static final String GPU_0 = "GPU-6a0e3c51-1d7b-0f7e-8d5f-0a1b2c3d4e01";
    static final String GPU_1 = "GPU-6a0e3c51-1d7b-0f7e-8d5f-0a1b2c3d4e02";
    static final Host HOST = new Host.GuestVia(new NodeRef(ServingSamples.THOR, "thor"), "ops", "10.0.10.110", 22);
    static final List<String> SERVE = List.of("vllm", "serve");

    private DeploySamples() {}

    /** A 7B in AWQ on the second card, at a port of its own. */
    static Deployment coder() {
        Deployment seed = ServingSamples.deployment("vllm-14b");
        return new Deployment(
                new DeploymentId("vllm-coder"),
                ServingSamples.deployment("vllm-7b").model(),
                "awq",
                seed.engine(),
                seed.place(),
                List.of(new GpuPin(GPU_1, null)),
                seed.image(),
                8005,
                "coder",
                seed.modelDirectory(),
                ServingProfile.seeds(16384).withUtilization(0.90),
                false);
    }

    static DeployWish wish(Deployment deployment) {
        return wish(deployment, ServingSamples.model(deployment), false);
    }

    static DeployWish wish(Deployment deployment, Model model, boolean token) {
        return new DeployWish(
                deployment,
                model,
                model.files(deployment.files()).orElseThrow(),
                ServingSamples.engine(deployment.engine()),
                false,
                ServingSamples.problems(deployment, ServingSamples.deployments()),
                ServingSamples.deployments(),
                ServingSamples.modes(),
                ServingSamples.routes(),
                StartTimes.NONE,
                token,
                HOST,
                "110 ai-inference on thor",
                List.of("guest:thor/110"));
    }

    static GpuReading card(String uuid, double freeGib, String capability) {
        return new GpuReading(
                uuid,
                "NVIDIA GeForce RTX 3090",
                ComputeCapability.parse(capability),
                ByteSize.ofMiB(24251),
                ByteSize.ofMiB((long) (freeGib * 1024)),
                100.0,
                350.0,
                0.0,
                40.0,
                List.of(),
                false,
                Instant.EPOCH);
    }

    /** Both cards idle, weights there, image there. */
    static DeployFacts idle(SeenContainer... containers) {
        return facts(23.4, Map.of(), 400_000L, true, SERVE, containers);
    }

    static DeployFacts facts(
            double freeGib,
            Map<Integer, String> listeners,
            @Nullable Long freeMiB,
            boolean weights,
            @Nullable List<String> entrypoint,
            SeenContainer... containers) {
        return new DeployFacts(
                "ubuntu 24.04",
                "580.95.05",
                "28.5.1",
                true,
                List.of(card(GPU_0, freeGib, "8.6"), card(GPU_1, freeGib, "8.6")),
                List.of(containers),
                listeners,
                freeMiB,
                weights,
                Map.of(),
                entrypoint,
                List.of());
    }

    static SeenContainer asLaunched(Deployment deployment, String status) {
        DeployWish wish = wish(deployment);
        LaunchSpec.Container launch =
                (LaunchSpec.Container) wish.engine().launch(deployment, wish.model(), wish.files(), false);
        return new SeenContainer(
                launch.name(),
                launch.image(),
                status,
                launch.labels(),
                launch.gpus(),
                List.of(launch.hostPort()),
                SERVE,
                launch.arguments(),
                launch.mounts(),
                List.of());
    }

    static SeenContainer foreign(String name, String gpu, int port) {
        return new SeenContainer(
                name,
                "ghcr.io/somebody/trainer:1",
                "running",
                Map.of(),
                gpu.isEmpty() ? List.of() : List.of(gpu),
                port == 0 ? List.of() : List.of(port),
                List.of(),
                List.of("train"),
                Map.of(),
                List.of());
    }

    static Optional<Finding> about(DeployReadiness readiness, String field, Finding.Weight weight) {
        return readiness.findings().stream()
                .filter(f -> f.field().equals(field) && f.weight() == weight)
                .findFirst();
    }
}
