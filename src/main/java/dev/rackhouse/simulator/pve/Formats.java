package dev.rackhouse.simulator.pve;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The named formats: simple ones as code, property strings from the table. Texts are the server's own. */
final class Formats {
    /** Checks one value; throws with the server's text. */
    interface Check {
        void check(String value) throws FormatError;
    }

    private static final Pattern DNS =
            Pattern.compile("(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?\\.)*[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?");
    private static final Pattern IPV4 = Pattern.compile(
            "(?:(?:25[0-5]|(?:2[0-4]|1[0-9]|[1-9])?[0-9])\\.){3}(?:25[0-5]|(?:2[0-4]|1[0-9]|[1-9])?[0-9])");
    private static final Pattern VOLUME_ID =
            Pattern.compile("[a-z][a-z0-9\\-_.]*[a-z0-9]:.+", Pattern.CASE_INSENSITIVE);
    private static final Pattern STORAGE_ID = Pattern.compile("[a-z][a-z0-9_.-]*[a-z0-9]", Pattern.CASE_INSENSITIVE);
    private static final Set<String> LEVELS = Set.of("x86-64-v2", "x86-64-v2-AES", "x86-64-v3", "x86-64-v4");
    private static final Set<String> HOTPLUG = Set.of("network", "disk", "cpu", "memory", "usb", "cloudinit");

    private final Map<String, Check> simple = new HashMap<>();
    private final CallTable table;
    private final Validator validator;

    Formats(CallTable table, Validator validator) {
        this.table = table;
        this.validator = validator;
        addPatterns();
        addNetwork();
        addGuests();
        addOthers();
    }

    /** Checks a value against a format name. */
    void check(String format, String value, String path) throws FormatError {
        Map<String, Param> properties = table.propertyStrings().get(format);
        if (properties != null) {
            properties(format, properties, value, path);
        } else if (format.endsWith("-list")) {
            Check each = named(format.substring(0, format.length() - 5));
            for (String part : split(value)) {
                each.check(part);
            }
        } else if (format.endsWith("-opt")) {
            if (!value.isEmpty()) {
                named(format.substring(0, format.length() - 4)).check(value);
            }
        } else {
            named(format).check(value);
        }
    }

    /** Parts of a list text: split at NUL when there is one, else at commas, semicolons and white space. */
    static List<String> split(String value) {
        String separators = value.indexOf('\0') >= 0 ? "\0" : "[,;\\s]+";
        return List.of(value.split(separators)).stream()
                .filter(part -> !part.isEmpty())
                .toList();
    }

    private Check named(String name) {
        Check check = simple.get(name);
        if (check == null) {
            throw new IllegalStateException("Format without a check: " + name);
        }
        return check;
    }

    private void properties(String format, Map<String, Param> schema, String value, String path) throws FormatError {
        Map<String, Object> parts = PropertyString.split(schema, value);
        Map<String, String> errors = new TreeMap<>();
        validator.object(path, schema, parts, false, errors);
        if (!errors.isEmpty()) {
            StringBuilder text = new StringBuilder("format error\n");
            errors.forEach(
                    (key, error) -> text.append(key).append(": ").append(error).append('\n'));
            throw new FormatError(text.toString());
        }
        if (format.equals("prune-backups") && "1".equals(parts.get("keep-all")) && parts.size() > 1) {
            throw new FormatError("keep-all cannot be set together with other options.\n");
        }
        if (format.equals("pve-vm-cpu-conf")) {
            cpuModel(parts);
        }
    }

    private void cpuModel(Map<String, Object> parts) throws FormatError {
        Object model = parts.get("cputype");
        if (model == null || model.toString().startsWith("custom-") || LEVELS.contains(model.toString())) {
            return;
        }
        Param known = table.propertyStrings()
                .getOrDefault("pve-vm-cpu-conf", Map.of())
                .get("reported-model");
        if (known == null || !known.values().contains(model.toString())) {
            throw new FormatError("Built-in cputype '" + model + "' is not defined (missing 'custom-' prefix?)\n");
        }
    }

    /** A pattern and the text when it does not fit; {@code %s} stands for the value. */
    private void pattern(String name, String regex, String error) {
        Pattern pattern = Pattern.compile(regex);
        simple.put(name, value -> require(pattern.matcher(value).matches(), error.replace("%s", value)));
    }

    private static void require(boolean fits, String error) throws FormatError {
        if (!fits) {
            throw new FormatError(error + "\n");
        }
    }

    private void addPatterns() {
        pattern("pve-configid", "(?i)[a-z][a-z0-9_-]+", "invalid configuration ID '%s'");
        pattern("pve-node", "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?", "value does not look like a valid node name");
        pattern("pve-vmid", "[1-9][0-9]{2,8}", "value does not look like a valid VM ID");
        pattern("urlencoded", "[-%a-zA-Z0-9_.!~*'()]*", "invalid urlencoded string: %s");
        pattern("disk-size", "\\d+(?:\\.\\d+)?(?:[KMGT](?:iB)?)?", "value does not look like a valid disk size: %s");
        pattern("pve-bridge-id", "[-_.A-Za-z0-9]+", "invalid bridge ID '%s'");
        pattern("pve-day-of-week", "mon|tue|wed|thu|fri|sat|sun", "invalid day '%s'");
        pattern("pve-groupid", "[A-Za-z0-9.\\-_]+", "group name '%s' contains invalid characters");
        pattern("pve-roleid", "[A-Za-z0-9.\\-_]+", "role name '%s' contains invalid characters");
        pattern("pve-iface", "(?i)[a-z][a-z0-9_]{1,20}([:.]\\d+)?", "invalid network interface name '%s'");
        pattern("pve-realm", "[A-Za-z][A-Za-z0-9.\\-_]+", "value does not look like a valid realm");
        pattern("pve-task-status-type", "(?i)ok|error|warning|unknown", "invalid status '%s'");
        pattern(
                "pve-storage-content",
                "images|rootdir|vztmpl|iso|backup|snippets|none|import",
                "invalid content type '%s'");
        pattern(
                "pve-tokenid",
                "[^\\s:/]+@[A-Za-z][A-Za-z0-9.\\-_]+![A-Za-z][A-Za-z0-9.\\-_]+",
                "value '%s' does not look like a valid token ID");
        pattern("pve-tag", "(?i)[a-z0-9_][a-z0-9_\\-+.]*", "invalid characters in tag");
        pattern(
                "mac-addr",
                "(?i)[a-f0-9][02468ace](?::[a-f0-9]{2}){5}",
                "value does not look like a valid unicast MAC address");
        pattern(
                "mac-prefix",
                "(?i)[a-f0-9][02468ace](?::[a-f0-9]{2}){0,2}:?",
                "value is not a valid unicast MAC address prefix");
        pattern("dns-name", DNS.pattern(), "value does not look like a valid DNS name");
        simple.put("pve-volume-id", Formats::volumeId);
        simple.put("string", value -> {});
    }

    private static void volumeId(String value) throws FormatError {
        require(VOLUME_ID.matcher(value).matches(), "unable to parse volume ID '" + value + "'");
    }

    private void addNetwork() {
        pattern("ipv4", IPV4.pattern(), "value does not look like a valid IPv4 address");
        simple.put("ipv6", value -> require(ipv6(value), "value does not look like a valid IPv6 address"));
        simple.put(
                "ip",
                value -> require(
                        IPV4.matcher(value).matches() || ipv6(value), "value does not look like a valid IP address"));
        simple.put(
                "lxc-ip-with-ll-iface",
                value -> require(
                        IPV4.matcher(value).matches() || ipv6(value.replaceFirst("%.*", "")),
                        "value does not look like a valid IP address"));
        simple.put(
                "address",
                value -> require(
                        IPV4.matcher(value).matches()
                                || ipv6(value)
                                || DNS.matcher(value).matches(),
                        "value does not look like a valid address: " + value));
        simple.put("CIDRv4", value -> require(cidr4(value), "value does not look like a valid IPv4 CIDR network"));
        simple.put("CIDRv6", value -> require(cidr6(value), "value does not look like a valid IPv6 CIDR network"));
        simple.put(
                "CIDR",
                value -> require(cidr4(value) || cidr6(value), "value does not look like a valid CIDR network"));
        simple.put("ipv4mask", value -> require(mask(value), "value does not look like a valid IP netmask"));
        simple.put(
                "pve-ipv4-config",
                value -> require(
                        value.equals("dhcp") || value.equals("manual") || cidr4(value),
                        "value does not look like a valid ipv4 network configuration"));
        simple.put(
                "pve-ipv6-config",
                value -> require(
                        value.equals("auto") || value.equals("dhcp") || value.equals("manual") || cidr6(value),
                        "value does not look like a valid ipv6 network configuration"));
        simple.put("pve-vlan-id-or-range", Formats::vlan);
    }

    private static boolean cidr4(String value) {
        int slash = value.indexOf('/');
        return slash > 0
                && IPV4.matcher(value.substring(0, slash)).matches()
                && value.substring(slash + 1).matches("\\d{1,2}")
                && within(value.substring(slash + 1), 8, 32);
    }

    private static boolean cidr6(String value) {
        int slash = value.indexOf('/');
        return slash > 0
                && ipv6(value.substring(0, slash))
                && value.substring(slash + 1).matches("\\d{1,3}")
                && within(value.substring(slash + 1), 8, 128);
    }

    private static boolean within(String number, int low, int high) {
        int value = Integer.parseInt(number);
        return value >= low && value <= high;
    }

    private static boolean mask(String value) {
        if (!IPV4.matcher(value).matches()) {
            return false;
        }
        long bits = 0;
        for (String part : value.split("\\.")) {
            bits = bits << 8 | Integer.parseInt(part);
        }
        for (int prefix = 8; prefix <= 32; prefix++) {
            if (bits == (0xffffffffL << (32 - prefix) & 0xffffffffL)) {
                return true;
            }
        }
        return false;
    }

    /** RFC 4291 text form without zone. */
    static boolean ipv6(String value) {
        if (!value.contains(":") || value.contains(":::")) {
            return false;
        }
        String text = value;
        int groups = 8;
        int lastColon = text.lastIndexOf(':');
        if (text.indexOf('.') >= 0) {
            if (!IPV4.matcher(text.substring(lastColon + 1)).matches()) {
                return false;
            }
            text = text.substring(0, lastColon + 1) + "0:0";
        }
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return false;
        }
        int found = 0;
        for (String part : text.split("::", -1)) {
            if (part.isEmpty()) {
                continue;
            }
            for (String group : part.split(":", -1)) {
                if (!group.matches("[0-9a-fA-F]{1,4}")) {
                    return false;
                }
                found++;
            }
        }
        return gap >= 0 ? found < groups : found == groups;
    }

    private static void vlan(String value) throws FormatError {
        Matcher m = Pattern.compile("(\\d+)(?:-(\\d+))?").matcher(value);
        require(m.matches(), "invalid VLAN configuration '" + value + "'");
        int low = id(m.group(1));
        if (m.group(2) != null) {
            require(low < id(m.group(2)), "VLAN range must go from lower to higher tag '" + value + "'");
        }
    }

    private static int id(String text) throws FormatError {
        require(text.length() <= 4 && within(text, 2, 4094), "invalid VLAN tag '" + text + "'");
        return Integer.parseInt(text);
    }

    private void addGuests() {
        simple.put("pve-volume-id-or-qm-path", value -> {
            if (!value.equals("none") && !value.equals("cdrom") && !value.startsWith("/")) {
                volumeId(value);
            }
        });
        simple.put("pve-volume-id-or-absolute-path", value -> {
            if (!value.startsWith("/")) {
                volumeId(value);
            }
        });
        simple.put("pve-cpuset", Formats::cpuset);
        simple.put("pve-hotplug-features", value -> {
            if (!value.equals("0") && !value.equals("1")) {
                for (String feature : split(value)) {
                    require(HOTPLUG.contains(feature), "invalid hotplug feature '" + feature + "'");
                }
            }
        });
        simple.put(
                "pve-phys-bits",
                value -> require(
                        value.equals("host") || value.matches("\\d{1,2}") && within(value, 8, 64),
                        "value must be an integer between 8 and 64 or 'host'"));
        simple.put("pve-qm-bootdisk", value -> require(drive(value), "invalid boot disk '" + value + "'"));
        simple.put(
                "pve-qm-bootdev",
                value -> require(
                        drive(value) && !value.startsWith("efidisk") && !value.startsWith("tpmstate")
                                || indexed(value, "net")
                                || indexed(value, "usb")
                                || indexed(value, "hostpci"),
                        "invalid boot device '" + value + "'"));
        simple.put("pve-startup-order", value -> {
            for (String part : value.split(",")) {
                require(part.matches("(order=)?\\d+|up=\\d+|down=\\d+"), "unable to parse startup options");
            }
        });
        simple.put(
                "pve-lxc-dev-string",
                value -> require(
                        value.startsWith("/dev/") && !value.contains("/./") && !value.contains("/../"),
                        value + " is not a valid device path"));
        Check path = value -> require(
                !value.contains("/./")
                        && !value.contains("/../")
                        && !value.endsWith("/.")
                        && !value.endsWith("/..")
                        && !value.startsWith("../"),
                value + " contains illegal character sequences");
        simple.put("pve-lxc-mp-string", path);
        simple.put(
                "pve-storage-path-in-property-string",
                value -> require(value.matches("/[^;(),]+.*"), "value does not look like a valid absolute path"));
        simple.put(
                "pve-ct-timezone",
                value -> require(
                        value.equals("host")
                                || java.time.ZoneId.getAvailableZoneIds().contains(value),
                        "invalid time zone '" + value + "'"));
    }

    private static void cpuset(String value) throws FormatError {
        require(value.matches("\\s*\\d+(?:-\\d+)?\\s*(?:,\\s*\\d+(?:-\\d+)?\\s*)*,*"), "unable to parse cpuset option");
        for (String part : value.strip().split("[,\\s]+")) {
            String[] ends = part.split("-");
            require(
                    ends.length < 2 || Integer.parseInt(ends[0]) <= Integer.parseInt(ends[1]),
                    "unable to parse cpuset option");
        }
    }

    private boolean indexed(String value, String base) {
        return value.startsWith(base)
                && value.substring(base.length()).matches("0|[1-9]\\d{0,2}")
                && Integer.parseInt(value.substring(base.length())) <= table.highest("qemu", base);
    }

    /** Whether a key of a VM is a drive ({@code scsi0}, {@code efidisk0}...). */
    boolean drive(String value) {
        return value.equals("efidisk0")
                || value.equals("tpmstate0")
                || indexed(value, "scsi")
                || indexed(value, "virtio")
                || indexed(value, "sata")
                || indexed(value, "ide");
    }

    private void addOthers() {
        simple.put("pve-storage-id", value -> {
            require(value.length() >= 2, "storage ID '" + value + "' cannot be shorter than 2 characters");
            require(STORAGE_ID.matcher(value).matches(), "storage ID '" + value + "' contains illegal characters");
        });
        simple.put("pve-poolid", value -> {
            require(value.split("/", -1).length <= 3, "pool name '" + value + "' nested too deeply (max levels = 3)");
            require(
                    value.matches("[A-Za-z0-9.\\-_]+(?:/[A-Za-z0-9.\\-_]+)*"),
                    "pool name '" + value + "' contains invalid characters");
        });
        simple.put(
                "pve-userid",
                value -> require(
                        value.length() >= 3
                                && value.length() <= 64
                                && value.matches("[^\\s:/]+@[A-Za-z][A-Za-z0-9.\\-_]+"),
                        "value '" + value + "' does not look like a valid user name"));
        simple.put("pve-priv", value -> require(Privileges.known(value), "invalid privilege '" + value + "'"));
        simple.put("pve-calendar-event", CalendarEvent::check);
        simple.put(
                "email",
                value -> require(
                        value.matches("[\\w+\\-~]+(\\.[\\w+\\-~]+)*@[A-Za-z0-9][A-Za-z0-9.\\-]*"),
                        "value does not look like a valid email address"));
        simple.put(
                "email-or-username",
                value -> require(
                        value.matches("[\\w+\\-~!.@]+"),
                        "value does not look like a valid email address or user name"));
        simple.put("storage-pair", value -> pair(value, named("pve-storage-id")));
        simple.put("bridge-pair", value -> pair(value, named("pve-bridge-id")));
    }

    private static void pair(String value, Check each) throws FormatError {
        if (value.equals("1")) {
            return;
        }
        Set<String> parts = new HashSet<>(List.of(value.split(":", 2)));
        for (String part : parts) {
            each.check(part.toLowerCase(Locale.ROOT));
        }
    }
}
