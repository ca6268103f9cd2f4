package dev.rackhouse.passthrough.ui;

import dev.rackhouse.passthrough.PassthroughDraft.Field;
import java.util.Set;

/** The pages of the wizard, in order, with the inputs on each. */
enum WizardStep {
    DEVICE("Device", Set.of(Field.NODE, Field.DEVICES)),
    CHECKS("Checks", Set.of()),
    SIZE(
            "Size",
            Set.of(Field.VMID, Field.NAME, Field.CORES, Field.MEMORY, Field.NUMA, Field.HUGEPAGES, Field.AFFINITY)),
    DISK(
            "Disk",
            Set.of(Field.STORAGE, Field.DISK, Field.IMAGE, Field.IMAGE_URL, Field.IMAGE_CHECKSUM, Field.IMAGE_STORAGE)),
    NETWORK(
            "Network",
            Set.of(
                    Field.BRIDGE,
                    Field.VLAN,
                    Field.ADDRESS,
                    Field.GATEWAY,
                    Field.NAMESERVER,
                    Field.USER,
                    Field.SSH_KEYS)),
    REVIEW("Review", Set.of());

    private final String title;
    private final Set<Field> fields;

    WizardStep(String title, Set<Field> fields) {
        this.title = title;
        this.fields = fields;
    }

    String title() {
        return title;
    }

    boolean has(Field field) {
        return fields.contains(field);
    }

    boolean first() {
        return ordinal() == 0;
    }

    boolean last() {
        return ordinal() == values().length - 1;
    }

    WizardStep next() {
        return last() ? this : values()[ordinal() + 1];
    }

    WizardStep back() {
        return first() ? this : values()[ordinal() - 1];
    }
}
