package dev.rackhouse.proxmox;

import dev.rackhouse.base.ByteSize;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The value of a disk key: {@code scsi0}, {@code efidisk0}, {@code ide2}, {@code rootfs}, {@code unused0}.
 *
 * @param file a volume id ({@code local-lvm:vm-201-disk-0}), a new volume ({@code local-lvm:32}, GiB as a plain number), {@code
 *     none}, or an absolute path
 * @param options the other keys in their order: {@code discard=on}, {@code ssd=1}, {@code size=32G}
 */
public record DiskSpec(String file, SequencedMap<String, String> options) {

    private static final Pattern SIZE = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)([KMGT]?)(?:iB)?");

    public DiskSpec {
        if (file.isEmpty() || file.indexOf(',') >= 0) {
            throw new IllegalArgumentException("'" + file + "' is no volume");
        }
        options = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(options));
    }

    /**
     * A new volume.
     *
     * @param gib its size; any positive number, also 0.5
     */
    public static DiskSpec create(String storage, Number gib) {
        BigDecimal size = new BigDecimal(gib.toString());
        if (size.signum() <= 0) {
            throw new IllegalArgumentException("a disk needs a size");
        }
        return new DiskSpec(storage + ":" + size.stripTrailingZeros().toPlainString(), new LinkedHashMap<>());
    }

    /** A new volume filled from an existing one. */
    public static DiskSpec importing(String storage, String volumeId) {
        return new DiskSpec(storage + ":0", new LinkedHashMap<>()).with("import-from", volumeId);
    }

    /** The drive that hands cloud-init data to the guest. */
    public static DiskSpec cloudInit(String storage) {
        return new DiskSpec(storage + ":cloudinit", new LinkedHashMap<>());
    }

    /** @throws IllegalArgumentException when it is not written as Proxmox writes it */
    public static DiskSpec parse(String text) {
        PropertyString p = PropertyString.parse(text, "file");
        String volume = p.take("volume");
        return new DiskSpec(volume == null ? p.need("file") : volume, p.rest());
    }

    public String print() {
        return PropertyString.empty().put("file", file).putAll(options).print("file");
    }

    public DiskSpec with(String key, String value) {
        SequencedMap<String, String> more = new LinkedHashMap<>(options);
        more.put(key, value);
        return new DiskSpec(file, more);
    }

    public @Nullable String option(String key) {
        return options.get(key);
    }

    /** The storage, unless it is a path or an empty drive. */
    public Optional<String> storage() {
        int colon = file.indexOf(':');
        return colon <= 0 || file.startsWith("/") ? Optional.empty() : Optional.of(file.substring(0, colon));
    }

    public boolean isCdrom() {
        return "cdrom".equals(options.get("media")) && !isCloudInit();
    }

    public boolean isCloudInit() {
        return file.endsWith(":cloudinit") || file.matches(".*[:/]vm-\\d+-cloudinit(\\.\\w+)?");
    }

    /** What {@code size=} says; information only, the server fills it in. */
    public Optional<ByteSize> size() {
        String size = options.get("size");
        if (size == null) {
            return Optional.empty();
        }
        Matcher m = SIZE.matcher(size);
        if (!m.matches()) {
            return Optional.empty();
        }
        String unit = m.group(2);
        long factor = 1L << (unit.isEmpty() ? 0 : 10 * (1 + "KMGT".indexOf(unit)));
        return Optional.of(new ByteSize(
                new BigDecimal(m.group(1)).multiply(BigDecimal.valueOf(factor)).longValue()));
    }
}
