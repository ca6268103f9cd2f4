package dev.rackhouse.inventory;

import java.time.Duration;

/**
 * One further thing to ask about a lab: which call, about what.
 *
 * @param subject the node or the vmid; empty for the lab as a whole
 */
record Detail(Source source, String subject) {

    /** The calls, with how old an answer may become before the rotation asks again by itself. */
    enum Source {
        CLUSTER("members", Duration.ofMinutes(10)),
        VERSION("version", Duration.ofHours(1)),
        MAPPINGS("mapping", Duration.ofMinutes(10)),
        NETWORK("network", Duration.ofMinutes(30)),
        STATUS("status", Duration.ofHours(1)),
        PCI("pci", Duration.ofHours(24)),
        CONFIG("config", Duration.ofHours(24));

        private final String word;
        private final Duration age;

        Source(String word, Duration age) {
            this.word = word;
            this.age = age;
        }

        /** As contacts call it. */
        String word() {
            return word;
        }

        Duration age() {
            return age;
        }
    }

    static Detail of(Source source, String subject) {
        return new Detail(source, subject);
    }

    static Detail config(long vmid) {
        return new Detail(Source.CONFIG, Long.toString(vmid));
    }
}
