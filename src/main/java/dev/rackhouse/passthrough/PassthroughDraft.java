package dev.rackhouse.passthrough;

import dev.rackhouse.base.NodeRef;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a person has put into the wizard, shaped like its screens: texts as typed, right or wrong. It becomes a
 * {@link PassthroughPlan} once, at the end.
 *
 * @param node null while none is chosen
 * @param devices slots ({@code 0000:0e:00}, all functions) or single functions ({@code 0000:05:00.0})
 * @param memoryMiB guest memory
 * @param numaNodes host nodes that the guest is bound to; empty: not bound
 * @param hugepages whether the guest lives in 1 GiB pages
 * @param affinity host CPUs that QEMU's threads stay on, {@code 0-5,24-29}; blank: all
 * @param imageVolume an image that lies on a storage, {@code local:import/x.qcow2}; blank: it is downloaded
 * @param imageStorage where a downloaded image is put
 * @param vlan blank: untagged
 * @param address with prefix: {@code 10.0.110.20/24}
 * @param sshKeys public keys, one a line, that may sign in beside the console's own
 * @param smbios identity of the VM, made when the draft was made, so that the preview can show it
 * @param accepted keys of warnings that the person has ticked
 */
public record PassthroughDraft(
        @Nullable NodeRef node,
        List<String> devices,
        String vmid,
        String name,
        String cores,
        String memoryMiB,
        Set<Integer> numaNodes,
        boolean hugepages,
        String affinity,
        String storage,
        String diskGiB,
        String imageVolume,
        String imageUrl,
        String imageChecksum,
        String imageStorage,
        String bridge,
        String vlan,
        String address,
        String gateway,
        String nameserver,
        String user,
        String sshKeys,
        UUID smbios,
        Set<String> accepted) {

    /** The inputs, to put a message beside the right one. */
    public enum Field {
        NODE,
        DEVICES,
        VMID,
        NAME,
        CORES,
        MEMORY,
        NUMA,
        HUGEPAGES,
        AFFINITY,
        STORAGE,
        DISK,
        IMAGE,
        IMAGE_URL,
        IMAGE_CHECKSUM,
        IMAGE_STORAGE,
        BRIDGE,
        VLAN,
        ADDRESS,
        GATEWAY,
        NAMESERVER,
        USER,
        SSH_KEYS
    }

    public PassthroughDraft {
        devices = List.copyOf(devices);
        numaNodes = java.util.Collections.unmodifiableSet(new TreeSet<>(numaNodes));
        accepted = java.util.Collections.unmodifiableSet(new TreeSet<>(accepted));
    }

    /** Nothing put in yet. */
    public static PassthroughDraft empty(UUID smbios) {
        return new PassthroughDraft(
                null, List.of(), "", "", "", "", Set.of(), false, "", "", "", "", "", "", "", "", "", "", "", "", "",
                "", smbios, Set.of());
    }

    public PassthroughDraft withNode(@Nullable NodeRef chosen) {
        return edit().node(chosen).done();
    }

    public PassthroughDraft withDevices(List<String> chosen) {
        return edit().devices(chosen).done();
    }

    public PassthroughDraft withAccepted(Set<String> keys) {
        return edit().accepted(keys).done();
    }

    /** A copy with some things changed. */
    public Edit edit() {
        return new Edit(this);
    }

    /** Changes to a draft, collected. */
    public static final class Edit {
        private @Nullable NodeRef node;
        private List<String> devices;
        private String vmid;
        private String name;
        private String cores;
        private String memoryMiB;
        private Set<Integer> numaNodes;
        private boolean hugepages;
        private String affinity;
        private String storage;
        private String diskGiB;
        private String imageVolume;
        private String imageUrl;
        private String imageChecksum;
        private String imageStorage;
        private String bridge;
        private String vlan;
        private String address;
        private String gateway;
        private String nameserver;
        private String user;
        private String sshKeys;
        private final UUID smbios;
        private Set<String> accepted;

        private Edit(PassthroughDraft d) {
            node = d.node;
            devices = d.devices;
            vmid = d.vmid;
            name = d.name;
            cores = d.cores;
            memoryMiB = d.memoryMiB;
            numaNodes = d.numaNodes;
            hugepages = d.hugepages;
            affinity = d.affinity;
            storage = d.storage;
            diskGiB = d.diskGiB;
            imageVolume = d.imageVolume;
            imageUrl = d.imageUrl;
            imageChecksum = d.imageChecksum;
            imageStorage = d.imageStorage;
            bridge = d.bridge;
            vlan = d.vlan;
            address = d.address;
            gateway = d.gateway;
            nameserver = d.nameserver;
            user = d.user;
            sshKeys = d.sshKeys;
            smbios = d.smbios;
            accepted = d.accepted;
        }

        public Edit node(@Nullable NodeRef value) {
            node = value;
            return this;
        }

        public Edit devices(List<String> value) {
            devices = value;
            return this;
        }

        public Edit vmid(String value) {
            vmid = value.strip();
            return this;
        }

        public Edit name(String value) {
            name = value.strip();
            return this;
        }

        public Edit cores(String value) {
            cores = value.strip();
            return this;
        }

        public Edit memoryMiB(String value) {
            memoryMiB = value.strip();
            return this;
        }

        public Edit numaNodes(Set<Integer> value) {
            numaNodes = value;
            return this;
        }

        public Edit hugepages(boolean value) {
            hugepages = value;
            return this;
        }

        public Edit affinity(String value) {
            affinity = value.strip();
            return this;
        }

        public Edit storage(String value) {
            storage = value.strip();
            return this;
        }

        public Edit diskGiB(String value) {
            diskGiB = value.strip();
            return this;
        }

        public Edit imageVolume(String value) {
            imageVolume = value.strip();
            return this;
        }

        public Edit imageUrl(String value) {
            imageUrl = value.strip();
            return this;
        }

        public Edit imageChecksum(String value) {
            imageChecksum = value.strip();
            return this;
        }

        public Edit imageStorage(String value) {
            imageStorage = value.strip();
            return this;
        }

        public Edit bridge(String value) {
            bridge = value.strip();
            return this;
        }

        public Edit vlan(String value) {
            vlan = value.strip();
            return this;
        }

        public Edit address(String value) {
            address = value.strip();
            return this;
        }

        public Edit gateway(String value) {
            gateway = value.strip();
            return this;
        }

        public Edit nameserver(String value) {
            nameserver = value.strip();
            return this;
        }

        public Edit user(String value) {
            user = value.strip();
            return this;
        }

        public Edit sshKeys(String value) {
            sshKeys = value;
            return this;
        }

        public Edit accepted(Set<String> value) {
            accepted = value;
            return this;
        }

        public PassthroughDraft done() {
            return new PassthroughDraft(
                    node,
                    devices,
                    vmid,
                    name,
                    cores,
                    memoryMiB,
                    numaNodes,
                    hugepages,
                    affinity,
                    storage,
                    diskGiB,
                    imageVolume,
                    imageUrl,
                    imageChecksum,
                    imageStorage,
                    bridge,
                    vlan,
                    address,
                    gateway,
                    nameserver,
                    user,
                    sshKeys,
                    smbios,
                    accepted);
        }
    }
}
