package dev.rackhouse.simulator.pve;

import dev.rackhouse.simulator.world.LabSeed.SpaceSeed;
import dev.rackhouse.simulator.world.LabSeed.StorageSeed;
import dev.rackhouse.simulator.world.LabSeed.VolumeSeed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A storage definition with its state. Guarded by the world's lock. */
final class Storage {
    /** Something on a storage: an image, an archive, an ISO. */
    static final class Volume {
        final String volid;
        final @Nullable String node;
        final String content;
        final String format;
        long size;
        int vmid;
        final long ctime;

        @Nullable
        String notes;

        boolean isProtected;

        @Nullable
        String parent;

        @Nullable
        String subtype;
        /** Size of the disk inside an image file, 0 when it is not known. */
        long virtualSize;

        @Nullable
        Map<String, String> guestConfig;

        Volume(String volid, @Nullable String node, String content, String format, long size, int vmid, long ctime) {
            this.volid = volid;
            this.node = node;
            this.content = content;
            this.format = format;
            this.size = size;
            this.vmid = vmid;
            this.ctime = ctime;
        }

        String name() {
            return volid.substring(volid.indexOf(':') + 1);
        }
    }

    final String id;
    final Map<String, Object> config = new LinkedHashMap<>();
    final Map<String, SpaceSeed> space;
    final Map<String, Volume> volumes = new LinkedHashMap<>();
    volatile boolean hanging;
    boolean offline;

    Storage(StorageSeed seed) {
        id = seed.storage();
        config.putAll(seed.config());
        space = new LinkedHashMap<>(seed.space());
        hanging = seed.hanging();
        offline = seed.offline();
        for (VolumeSeed volume : seed.volumes()) {
            Volume made = new Volume(
                    volume.volid(),
                    shared() ? null : volume.node(),
                    volume.content() == null ? "images" : volume.content(),
                    volume.format() == null ? "raw" : volume.format(),
                    volume.size(),
                    volume.vmid(),
                    volume.ctime());
            made.notes = volume.notes();
            made.isProtected = Boolean.TRUE.equals(volume.protectedBackup());
            made.subtype = volume.subtype();
            made.guestConfig = volume.guestConfig();
            add(made);
        }
    }

    void add(Volume volume) {
        volumes.put(key(volume.volid, volume.node), volume);
    }

    void remove(Volume volume) {
        volumes.remove(key(volume.volid, volume.node));
    }

    private static String key(String volid, @Nullable String node) {
        return (node == null ? "" : node) + "/" + volid;
    }

    @Nullable
    Volume find(String volid, String node) {
        Volume here = volumes.get(key(volid, node));
        return here != null ? here : volumes.get(key(volid, null));
    }

    List<Volume> on(String node) {
        return volumes.values().stream()
                .filter(volume -> volume.node == null || volume.node.equals(node))
                .toList();
    }

    String type() {
        return String.valueOf(config.getOrDefault("type", "dir"));
    }

    boolean shared() {
        return truth(config.get("shared"))
                || List.of("nfs", "cifs", "pbs", "rbd", "cephfs").contains(type());
    }

    boolean disabled() {
        return truth(config.get("disable"));
    }

    private static boolean truth(@Nullable Object value) {
        return value != null && (value.equals(true) || value.toString().equals("1"));
    }

    List<String> content() {
        return Formats.split(String.valueOf(config.getOrDefault("content", "images,rootdir")));
    }

    boolean holds(String kind) {
        return content().contains(kind);
    }

    boolean onNode(String node) {
        Object nodes = config.get("nodes");
        return nodes == null || Formats.split(nodes.toString()).contains(node);
    }

    /** Whether images are files with a format of their choice. */
    boolean files() {
        return List.of("dir", "nfs", "cifs", "btrfs", "cephfs").contains(type());
    }

    String path() {
        return String.valueOf(config.getOrDefault("path", "/mnt/pve/" + id));
    }

    SpaceSeed spaceOn(String node) {
        SpaceSeed own = space.getOrDefault(node, space.get("*"));
        return own == null ? new SpaceSeed(1L << 40, 1L << 38, 0) : own;
    }

    /** Bytes in use: what the seed says and what was made since; thin volumes take little. */
    long used(String node, Map<Volume, Boolean> seeded) {
        long made = 0;
        for (Volume volume : on(node)) {
            if (!seeded.containsKey(volume)) {
                made += files() && !volume.content.equals("backup") ? 196_616 : volume.size / 64;
            }
        }
        SpaceSeed own = spaceOn(node);
        return Math.min(own.total(), own.used() + made);
    }
}
