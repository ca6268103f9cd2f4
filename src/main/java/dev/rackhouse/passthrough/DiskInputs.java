package dev.rackhouse.passthrough;

import dev.rackhouse.passthrough.PassthroughDraft.Field;
import dev.rackhouse.proxmox.PveVersion;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Disk and image, read from a draft. */
record DiskInputs(String storage, int diskGiB, PassthroughPlan.Image image) {

    /** @return empty, after problems were added, when something is wrong */
    static Optional<DiskInputs> read(PassthroughDraft draft, Site site, Problems problems) {
        boolean storage =
                site.storage(draft.storage()).map(s -> s.holds("images")).orElse(false);
        if (!storage) {
            problems.add(
                    Field.STORAGE,
                    draft.storage().isBlank()
                            ? "Choose a storage for the disks."
                            : "\"" + Problems.shown(draft.storage()) + "\" holds no disk images on this node.");
        }
        Integer size = problems.whole(Field.DISK, draft.diskGiB(), "the disk size in GiB", 4, 65_536);
        PassthroughPlan.Image image =
                draft.imageVolume().isBlank() ? download(draft, site, problems) : lying(draft, site, problems);
        if (image != null && size != null) {
            site.images().stream()
                    .filter(i -> i.volume().equals(image.volume()))
                    .flatMap(i -> Optional.ofNullable(i.size()).stream())
                    .filter(bytes -> bytes.inGiB() > size)
                    .findFirst()
                    .ifPresent(bytes -> problems.add(Field.DISK, "The image alone has " + bytes + "."));
        }
        return storage && size != null && image != null
                ? Optional.of(new DiskInputs(draft.storage(), size, image))
                : Optional.empty();
    }

    /** Where images are put on nodes older than 8.4, which import from no storage (hosts, section 4.2). */
    static final String FOLDER = "/var/lib/vz/template/rackhouse";

    private static boolean importsFromStorage(Site site) {
        PveVersion version = site.version();
        return version == null || version.since(8, 4);
    }

    private static PassthroughPlan.@Nullable Image lying(PassthroughDraft draft, Site site, Problems problems) {
        if (!importsFromStorage(site)) {
            if (draft.imageVolume().matches("(/[A-Za-z0-9._-]+){2,12}\\.(qcow2|img|raw|vmdk)")
                    && !draft.imageVolume().contains("/../")) {
                return new PassthroughPlan.Image(draft.imageVolume(), null);
            }
            problems.add(
                    Field.IMAGE,
                    "Proxmox VE " + site.version()
                            + " imports images from files of the node only: enter a path like /var/lib/vz/template/noble.qcow2, or let it be downloaded.");
            return null;
        }
        if (site.images().stream().noneMatch(i -> i.volume().equals(draft.imageVolume()))) {
            problems.add(
                    Field.IMAGE,
                    "\"" + Problems.shown(draft.imageVolume()) + "\" does not lie on a storage of this node.");
            return null;
        }
        return new PassthroughPlan.Image(draft.imageVolume(), null);
    }

    private static PassthroughPlan.@Nullable Image download(PassthroughDraft draft, Site site, Problems problems) {
        String name = fileName(draft.imageUrl(), PassthroughPlan.mark(draft.smbios()));
        if (name == null) {
            problems.add(
                    Field.IMAGE_URL,
                    draft.imageUrl().isBlank()
                            ? "Choose an image that lies on a storage, or enter the address of one."
                            : "The address of an image starts with http:// or https:// and ends with the file's name.");
        }
        String checksum = draft.imageChecksum().toLowerCase(Locale.ROOT);
        String algorithm =
                checksum.matches("[0-9a-f]{64}") ? "sha256" : checksum.matches("[0-9a-f]{128}") ? "sha512" : null;
        if (algorithm == null) {
            problems.add(
                    Field.IMAGE_CHECKSUM,
                    "Enter the publisher's checksum of the file: SHA-256 (64 hex digits) or SHA-512 (128).");
        }
        if (!importsFromStorage(site)) {
            return name == null || algorithm == null
                    ? null
                    : new PassthroughPlan.Image(
                            FOLDER + "/" + name,
                            new PassthroughPlan.Download(draft.imageUrl(), "", name, checksum, algorithm));
        }
        boolean storage =
                site.storage(draft.imageStorage()).map(s -> s.holds("import")).orElse(false);
        if (!storage) {
            problems.add(
                    Field.IMAGE_STORAGE,
                    draft.imageStorage().isBlank()
                            ? "Choose a storage with content type import for the image."
                            : "\"" + Problems.shown(draft.imageStorage()) + "\" has no content type import.");
        }
        if (name == null || algorithm == null || !storage) {
            return null;
        }
        return new PassthroughPlan.Image(
                draft.imageStorage() + ":import/" + name,
                new PassthroughPlan.Download(draft.imageUrl(), draft.imageStorage(), name, checksum, algorithm));
    }

    /**
     * Under which name the image lies on the storage: with the plan's mark, and with an ending that Proxmox imports. Publishers call
     * their qcow2 files {@code .img}, which it does not.
     */
    private static @Nullable String fileName(String url, String mark) {
        String path;
        try {
            URI uri = new URI(url);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            path = http && uri.getHost() != null && uri.getPath() != null ? uri.getPath() : "";
        } catch (URISyntaxException e) {
            return null;
        }
        String name = path.substring(path.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._-]", "-");
        if (name.length() < 3) {
            return null;
        }
        String ending = name.replaceAll(".*\\.", "").toLowerCase(Locale.ROOT);
        boolean known = ending.equals("qcow2") || ending.equals("raw") || ending.equals("vmdk");
        String stem = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name;
        String bounded = stem.length() > 80 ? stem.substring(0, 80) : stem;
        return mark + "-" + bounded + (known ? "." + ending : ".qcow2");
    }
}
