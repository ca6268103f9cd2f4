package dev.rackhouse.guestsetup;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where things come from that guests install; mirrors are set here. Docker itself comes from the guest's own Ubuntu sources.
 *
 * @param toolkitRepository apt repository of NVIDIA's container toolkit, its architecture as {@code $(ARCH)}
 * @param toolkitKey armoured public key of a mirror that signs by itself; blank: NVIDIA's
 * @param image in which the proof from inside a container runs; any image with a C library will do, since the toolkit brings nvidia-smi
 */
@ConfigurationProperties("rackhouse.gpu-guest")
record GpuGuestSettings(
        @DefaultValue("https://nvidia.github.io/libnvidia-container/stable/deb/$(ARCH)")
        String toolkitRepository,

        @DefaultValue("") String toolkitKey,
        @DefaultValue("ubuntu:24.04") String image) {

    GpuGuestPlan.Repository repository() {
        return new GpuGuestPlan.Repository(
                toolkitRepository, toolkitKey.isBlank() ? LookScript.toolkitKey() : toolkitKey);
    }
}
