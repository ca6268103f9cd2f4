package dev.rackhouse.passthrough;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.VmId;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One existing VM at its place, as it was read when somebody asked.
 *
 * @param name null when it has none
 * @param status {@code running}, {@code stopped}, or another word of Proxmox
 * @param lock {@code backup}, {@code migrate}...; null: none
 * @param config with pending changes merged in, as it will be at the next start
 * @param agentAnswers whether the guest agent answered just now; null: it was not asked
 * @param memoryUsed what the running guest occupies; null when not known
 */
public record GuestPlace(
        Site site,
        VmId vmid,
        @Nullable String name,
        boolean template,
        String status,
        @Nullable String lock,
        SortedMap<String, String> config,
        @Nullable Boolean agentAnswers,
        @Nullable ByteSize memoryUsed) {

    public GuestPlace {
        config = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(config));
    }

    public boolean running() {
        return status.equals("running");
    }

    public boolean stopped() {
        return status.equals("stopped");
    }

    /** {@code VM 214 (llm-01)} */
    public String label() {
        return "VM " + vmid + (name == null ? "" : " (" + name + ")");
    }

    public boolean q35() {
        return config.getOrDefault("machine", "pc").contains("q35");
    }
}
