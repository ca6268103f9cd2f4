package dev.rackhouse.inventory;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How often and how much is asked. All of a lab, however many look at it.
 *
 * @param collect whether this replica collects at all
 * @param interval between two questions for everything; Proxmox itself refreshes its list every 10 s
 * @param hostInterval between two looks at a host that only SSH reaches
 * @param lease how long a replica that went silent keeps a lab from the others
 * @param sampleInterval between two stored rows of figures
 * @param staleAfter missed intervals until what is shown is called stale
 * @param callsUnwatched all calls a minute to one cluster while nobody looks
 * @param callsWatched all calls a minute to one cluster while somebody looks, 1 or 50
 * @param detailAge how old a detail may be when somebody opens it, before it is asked again
 * @param probeEvery between two probes of a host that did not reboot
 * @param probeRetry between two attempts while a probe fails
 * @param probesKept probes of earlier boots that are kept a host
 */
@ConfigurationProperties("rackhouse.inventory")
record InventorySettings(
        @DefaultValue("true") boolean collect,
        @DefaultValue("12s") Duration interval,
        @DefaultValue("60s") Duration hostInterval,
        @DefaultValue("45s") Duration lease,
        @DefaultValue("60s") Duration sampleInterval,
        @DefaultValue("3") int staleAfter,
        @DefaultValue("12") int callsUnwatched,
        @DefaultValue("60") int callsWatched,
        @DefaultValue("30s") Duration detailAge,
        @DefaultValue("24h") Duration probeEvery,
        @DefaultValue("5m") Duration probeRetry,
        @DefaultValue("10") int probesKept) {

    /** The settings as they are without any configuration. */
    static InventorySettings defaults() {
        return new InventorySettings(
                true,
                Duration.ofSeconds(12),
                Duration.ofSeconds(60),
                Duration.ofSeconds(45),
                Duration.ofSeconds(60),
                3,
                12,
                60,
                Duration.ofSeconds(30),
                Duration.ofHours(24),
                Duration.ofMinutes(5),
                10);
    }

    Duration stale() {
        return interval.multipliedBy(staleAfter);
    }
}
