package dev.rackhouse.simulator.pve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How configurations look: types of values, drives among the keys, spellings on writing. */
final class GuestConfig {
    private static final Map<String, Map<String, Param>> OPTIONS = Map.of(
            "qemu",
            CallTable.packed().options("qemu"),
            "lxc",
            CallTable.packed().options("lxc"));
    private static final Pattern DRIVE =
            Pattern.compile("(ide[0-3]|sata[0-5]|scsi([12]?\\d|30)|virtio(\\d|1[0-5])|efidisk0|tpmstate0)");
    private static final Pattern MOUNT = Pattern.compile("rootfs|mp\\d+");
    private static final Pattern UNUSED = Pattern.compile("unused\\d+");
    private static final Map<String, String> DRIVE_FORMATS = Map.of(
            "ide", "qemu-ide",
            "sata", "qemu-sata",
            "scsi", "qemu-scsi",
            "virtio", "qemu-virtio",
            "efidisk", "qemu-efidisk0",
            "tpmstate", "qemu-tpmstate0",
            "rootfs", "lxc-rootfs",
            "mp", "lxc-mp",
            "unused", "qemu-unused");

    private GuestConfig() {}

    static boolean known(String kind, String key) {
        return OPTIONS.getOrDefault(kind, Map.of()).containsKey(key);
    }

    /** Integers and flags are numbers in answers, everything else is text. */
    static Object typed(String kind, String key, String value) {
        Param param = OPTIONS.getOrDefault(kind, Map.of()).get(key);
        if (param != null && (param.type().equals("integer") || param.type().equals("boolean"))) {
            try {
                return Long.valueOf(value);
            } catch (NumberFormatException e) {
                return value;
            }
        }
        return key.equals("cipassword") || key.equals("password") ? "**********" : value;
    }

    static boolean isDrive(String key) {
        return DRIVE.matcher(key).matches();
    }

    static boolean isMount(String key) {
        return MOUNT.matcher(key).matches();
    }

    static boolean isUnused(String key) {
        return UNUSED.matcher(key).matches();
    }

    static boolean isVolume(Guest guest, String key) {
        return guest.vm() ? isDrive(key) : isMount(key);
    }

    /** A key without its number. */
    static String base(String key) {
        int end = key.length();
        while (end > 0 && Character.isDigit(key.charAt(end - 1))) {
            end--;
        }
        return key.substring(0, end);
    }

    static Map<String, String> drive(String key, @Nullable String value) {
        Map<String, String> parts = PropertyString.parse(DRIVE_FORMATS.getOrDefault(base(key), "qemu-scsi"), value);
        String volume = parts.remove("volume");
        if (volume != null) {
            parts.put("file", volume);
        }
        return parts;
    }

    static String printDrive(String key, Map<String, String> parts) {
        Map<String, String> out = new LinkedHashMap<>(parts);
        String format = DRIVE_FORMATS.getOrDefault(base(key), "qemu-scsi");
        String file = out.remove("file");
        return PropertyString.print(format, Map.of()) + file + (out.isEmpty() ? "" : "," + rest(out));
    }

    private static String rest(Map<String, String> parts) {
        List<String> pairs = new ArrayList<>();
        new TreeMap<>(parts).forEach((key, value) -> pairs.add(key + "=" + value));
        return String.join(",", pairs);
    }

    /** Volume of a drive or mount point, empty for none, cdrom and absolute paths. */
    static String volume(String key, String value) {
        String file = drive(key, value).getOrDefault("file", "");
        return file.equals("none") || file.equals("cdrom") || file.startsWith("/") || !file.contains(":") ? "" : file;
    }

    static boolean cdrom(String key, String value) {
        Map<String, String> parts = drive(key, value);
        String file = parts.getOrDefault("file", "");
        return "cdrom".equals(parts.get("media")) || file.equals("none") || file.equals("cdrom");
    }

    /** Volumes in use by the configuration, its pending part and its snapshots. */
    static Map<String, String> volumes(Guest guest) {
        Map<String, String> found = new LinkedHashMap<>();
        List<Map<String, String>> parts = new ArrayList<>(List.of(guest.config, guest.pending));
        guest.snapshots.values().forEach(snapshot -> parts.add(snapshot.config));
        for (Map<String, String> part : parts) {
            part.forEach((key, value) -> {
                if (isVolume(guest, key) || isUnused(key)) {
                    String volume = volume(key, value);
                    if (!volume.isEmpty()) {
                        found.putIfAbsent(volume, key);
                    }
                }
            });
        }
        return found;
    }

    static Map<String, String> net(String kind, String value) {
        return PropertyString.parse(kind.equals("qemu") ? "qemu-net" : "lxc-net", value);
    }

    /** As it is stored: with a MAC address, keys in their order. */
    static String storedNet(World world, String kind, String value) {
        Map<String, String> parts = net(kind, value);
        String key = kind.equals("qemu") ? "macaddr" : "hwaddr";
        parts.computeIfAbsent(key, k -> mac(world));
        if (kind.equals("lxc")) {
            parts.putIfAbsent("type", "veth");
            Map<String, String> others = new TreeMap<>(parts);
            String name = others.remove("name");
            return "name=" + name + "," + rest(others);
        }
        return PropertyString.print("qemu-net", parts);
    }

    static String mac(World world) {
        String prefix = String.valueOf(world.options.getOrDefault("mac_prefix", "BC:24:11"));
        StringBuilder mac = new StringBuilder(prefix.replaceAll(":$", ""));
        while (mac.length() < 17) {
            mac.append(String.format(":%02X", ThreadLocalRandom.current().nextInt(256)));
        }
        return mac.toString();
    }

    /** Lower case, sorted, each once, joined with semicolons. */
    static String tags(String value) {
        TreeSet<String> tags = new TreeSet<>();
        Formats.split(value).forEach(tag -> tags.add(tag.toLowerCase(Locale.ROOT)));
        return String.join(";", tags);
    }

    static String uuid() {
        return UUID.randomUUID().toString();
    }

    /** The configuration as GET config gives it: pending merged in unless the current one is asked for. */
    static Map<String, @Nullable Object> view(Guest guest, boolean current) {
        Map<String, String> merged = new TreeMap<>(guest.config);
        if (!current) {
            guest.deletions.keySet().forEach(merged::remove);
            merged.putAll(guest.pending);
        }
        return typed(guest, merged);
    }

    static Map<String, @Nullable Object> typed(Guest guest, Map<String, String> config) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        List<List<String>> raw = new ArrayList<>();
        config.forEach((key, value) -> {
            if (key.startsWith("lxc.")) {
                raw.add(List.of(key, value));
            } else {
                view.put(key, typed(guest.kind, key, value));
            }
        });
        if (!raw.isEmpty()) {
            view.put("lxc", raw);
        }
        view.put("digest", guest.digest());
        return view;
    }

    static long memoryBytes(Guest guest, Map<String, String> config) {
        String text = config.getOrDefault("memory", "512");
        String number = guest.vm() ? PropertyString.parse("qemu-memory", text).getOrDefault("current", "512") : text;
        return Long.parseLong(number) << 20;
    }

    static int cores(Guest guest, Map<String, String> config, int hostCpus) {
        if (!guest.vm()) {
            return Integer.parseInt(config.getOrDefault("cores", Integer.toString(hostCpus)));
        }
        int all = Integer.parseInt(config.getOrDefault("sockets", "1"))
                * Integer.parseInt(config.getOrDefault("cores", "1"));
        return Integer.parseInt(config.getOrDefault("vcpus", Integer.toString(all)));
    }

    /** Size of the boot disk in bytes, 0 when there is none. */
    static long bootDisk(Guest guest) {
        if (!guest.vm()) {
            String rootfs = guest.config.get("rootfs");
            return rootfs == null ? 0 : Sizes.parse(drive("rootfs", rootfs).getOrDefault("size", "0"));
        }
        List<String> order = new ArrayList<>(Formats.split(
                PropertyString.parse("pve-qm-boot", guest.config.get("boot")).getOrDefault("order", "")));
        order.addAll(guest.config.keySet());
        for (String key : order) {
            String value = guest.config.get(key);
            if (value != null
                    && isDrive(key)
                    && !key.startsWith("efidisk")
                    && !key.startsWith("tpmstate")
                    && !cdrom(key, value)) {
                return Sizes.parse(drive(key, value).getOrDefault("size", "0"));
            }
        }
        return 0;
    }
}
