package dev.rackhouse.simulator.pve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Turns requested drives into volumes. */
final class Disks {
    /** {@code STORAGE:SIZE} asks for a new volume of that many GiB. */
    static final Pattern NEW = Pattern.compile("([a-zA-Z][a-zA-Z0-9_.-]*):(\\d+(?:\\.\\d+)?)");

    private static final long EFI_VARS = 540_672;
    private static final long MIB = 1L << 20;

    private Disks() {}

    /**
     * Makes the volumes that the drives ask for.
     *
     * @param wanted drive keys and values as sent
     * @param made receives what was made, for undoing
     * @return the values as they are stored
     */
    static Map<String, String> create(
            World world, Node node, Task task, int vmid, Map<String, String> wanted, List<String> made)
            throws InterruptedException {
        Map<String, String> stored = new TreeMap<>();
        for (Map.Entry<String, String> drive : new TreeMap<>(wanted).entrySet()) {
            stored.put(drive.getKey(), one(world, node, task, vmid, drive.getKey(), drive.getValue(), made));
        }
        return stored;
    }

    private static String one(World world, Node node, Task task, int vmid, String key, String value, List<String> made)
            throws InterruptedException {
        Map<String, String> parts = GuestConfig.drive(key, value);
        String file = parts.getOrDefault("file", "");
        Images images = new Images(world, node);
        var fresh = NEW.matcher(file);
        if (file.endsWith(":cloudinit")) {
            Storage storage = world.locked(() -> world.storage(file.substring(0, file.indexOf(':')), node));
            Storage.Volume volume = images.allocate(
                    task, storage, vmid, storage.files() ? "qcow2" : null, 4 * MIB, "vm-" + vmid + "-cloudinit");
            made.add(volume.volid);
            Map<String, String> out = new LinkedHashMap<>(parts);
            out.put("file", volume.volid);
            out.put("media", "cdrom");
            String text = GuestConfig.printDrive(key, out);
            task.log(key + ": successfully created disk '" + text + "'");
            return text;
        }
        if (!fresh.matches()) {
            return existing(world, node, key, parts, file);
        }
        Storage storage = world.locked(() -> world.storage(fresh.group(1), node));
        Map<String, String> out = new LinkedHashMap<>(parts);
        String format = out.remove("format");
        String source = out.remove("import-from");
        long bytes = (long) (Double.parseDouble(fresh.group(2)) * (1L << 30));
        if (key.equals("efidisk0")) {
            bytes = storage.files() ? EFI_VARS : storage.type().equals("zfspool") ? MIB : 4 * MIB;
            format = storage.files() && format == null ? "raw" : format;
        } else if (key.equals("tpmstate0")) {
            bytes = 4 * MIB;
            out.putIfAbsent("version", "v1.2");
        } else if (source != null) {
            bytes = imported(world, node, source);
            task.log("importing disk '" + sourcePath(world, source) + "' to VM " + vmid + " ...");
        }
        task.pauseMillis(150);
        Storage.Volume volume = images.allocate(task, storage, vmid, format, bytes, null);
        made.add(volume.volid);
        if (key.equals("efidisk0")) {
            efi(task, out);
        } else if (source != null) {
            Images.copy(task, bytes);
        }
        out.put("file", volume.volid);
        out.put("size", Sizes.print(bytes));
        String text = GuestConfig.printDrive(key, out);
        task.log(key + ": successfully created disk '" + text + "'");
        return text;
    }

    private static void efi(Task task, Map<String, String> parts) throws InterruptedException {
        task.log("transferred 0.0 B of 528.0 KiB (0.00%)");
        task.pauseMillis(100);
        task.log("transferred 528.0 KiB of 528.0 KiB (100.00%)");
        task.log("transferred 528.0 KiB of 528.0 KiB (100.00%)");
        if ("1".equals(parts.get("pre-enrolled-keys")) && !parts.containsKey("ms-cert")) {
            task.log("INFO: reading raw edk2 varstore from /usr/share/pve-edk2-firmware//OVMF_VARS_4M.ms.fd");
            task.log("INFO: var store range: 0x64 -> 0x40000");
        }
    }

    private static String existing(World world, Node node, String key, Map<String, String> parts, String file) {
        Map<String, String> out = new LinkedHashMap<>(parts);
        if (!file.startsWith("/") && file.contains(":")) {
            Storage.Volume volume = world.locked(() -> {
                world.storage(file.substring(0, file.indexOf(':')), node);
                return world.volume(file, node.name());
            });
            if (volume == null) {
                throw ApiError.died("volume '" + file + "' does not exist");
            }
            out.put(
                    "size",
                    volume.content.equals("iso") && volume.size % 1024 != 0
                            ? volume.size / 1024 + "K"
                            : Sizes.print(volume.size));
        }
        return GuestConfig.printDrive(key, out);
    }

    private static long imported(World world, Node node, String source) {
        return world.locked(() -> {
            Storage.Volume volume = world.volume(source, node.name());
            if (volume == null && !source.startsWith("/")) {
                throw ApiError.died("volume '" + source + "' does not exist");
            }
            long size = volume == null ? node.machine.imageBytes(source) : volume.size;
            if (size < 0) {
                throw ApiError.died("can't find file '" + source + "'");
            }
            return volume != null && volume.virtualSize > 0
                    ? volume.virtualSize
                    : (size + (256 << 20) - 1) / (256 << 20) * (256 << 20) * (volume == null ? 1 : 4);
        });
    }

    private static String sourcePath(World world, String source) {
        return world.locked(() -> {
            int colon = source.indexOf(':');
            Storage storage = colon < 0 ? null : world.storages.get(source.substring(0, colon));
            return storage == null ? source : Images.path(storage, source);
        });
    }

    /** Drive keys among parameters. */
    static Map<String, String> among(Map<String, String> values) {
        Map<String, String> drives = new TreeMap<>();
        values.forEach((key, value) -> {
            if (GuestConfig.isDrive(key)) {
                drives.put(key, value);
            }
        });
        return drives;
    }

    /** Keeps a volume that leaves its slot as {@code unusedN}; cdroms and volumes used elsewhere are not kept. */
    static void keepUnused(Guest guest, String key, String value) {
        String volume = GuestConfig.volume(key, value);
        if (volume.isEmpty() || guest.vm() && GuestConfig.cdrom(key, value)) {
            return;
        }
        List<String> others = new ArrayList<>();
        guest.config.forEach((other, text) -> {
            if ((GuestConfig.isVolume(guest, other) || GuestConfig.isUnused(other)) && !other.equals(key)) {
                others.add(GuestConfig.volume(other, text));
            }
        });
        if (others.contains(volume)) {
            return;
        }
        for (int i = 0; i < 256; i++) {
            if (!guest.config.containsKey("unused" + i)) {
                guest.config.put("unused" + i, volume);
                return;
            }
        }
    }
}
