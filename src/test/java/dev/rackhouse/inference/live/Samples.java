package dev.rackhouse.inference.live;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.GpuPin;
import dev.rackhouse.inference.LaunchSpec;
import dev.rackhouse.inference.Model;
import dev.rackhouse.inference.ModelFiles;
import dev.rackhouse.inference.ModelId;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.ServingEngine;
import dev.rackhouse.inference.fit.ServingProfile;
import dev.rackhouse.inference.fit.Weights;
import dev.rackhouse.inference.health.LoadPhase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** A guest with deployments, and what machines have printed. */
final class Samples {

    static final LabId LAB = new LabId(new UUID(0, 7));
    static final PlaceRef GUEST = new PlaceRef.InGuest(new GuestRef(LAB, new VmId(110)));
    static final GpuPin GPU_0 = new GpuPin("GPU-aaaaaaaa-0000-4000-8000-000000000000", null);
    static final GpuPin GPU_1 = new GpuPin("GPU-bbbbbbbb-0000-4000-8000-000000000000", null);

    private Samples() {}

    static Deployment vllm(String id, int port, GpuPin... gpus) {
        return deployment(id, EngineKind.VLLM, "vllm/vllm-openai:v0.29.0", port, gpus);
    }

    static Deployment deployment(String id, EngineKind engine, String image, int port, GpuPin... gpus) {
        return new Deployment(
                new DeploymentId(id),
                new ModelId("m"),
                "awq",
                engine,
                GUEST,
                List.of(gpus),
                image,
                port,
                "served-" + id,
                "/srv/hf",
                ServingProfile.seeds(8192),
                false);
    }

    static String text(String file) {
        try (InputStream in = Samples.class.getResourceAsStream("/inference/samples/" + file)) {
            return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An engine that is only looked at. */
    record Looked(EngineKind kind) implements ServingEngine {
        @Override
        public boolean runs(Weights weights) {
            return true;
        }

        @Override
        public LaunchSpec launch(Deployment deployment, Model model, ModelFiles files, boolean unified) {
            throw new AssertionError("nothing is started");
        }

        @Override
        public Endpoints endpoints() {
            return new Endpoints(
                    "/health",
                    "/metrics",
                    kind == EngineKind.LLAMA_CPP ? "/slots" : null,
                    "/v1/models",
                    "/v1/chat/completions");
        }

        @Override
        public List<LoadPhase> phases() {
            return Arrays.asList(LoadPhase.values());
        }
    }
}
