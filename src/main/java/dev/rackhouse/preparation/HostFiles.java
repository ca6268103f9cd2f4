package dev.rackhouse.preparation;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The files and folders of a host that its preparation may touch, exactly as they were at one moment. Immutable.
 *
 * @param files by path; a path that was asked for and is not here is absent
 * @param refused paths whose content cannot be edited safely, with a sentence that says why
 * @param folders that are there, of those that were asked for
 * @param kernels versions with an image in {@code /boot}
 */
public record HostFiles(
        Map<String, HostFile> files, Map<String, String> refused, Set<String> folders, List<String> kernels) {

    /** Largest file that is read. Boot files of this kind have a few lines. */
    static final int LARGEST_BYTES = 256 * 1024;

    static final String GRUB = "/etc/default/grub";
    static final String CMDLINE = "/etc/kernel/cmdline";
    static final String MODULES = "/etc/modules";
    static final String INITRAMFS_MODULES = "/etc/initramfs-tools/modules";

    public HostFiles {
        files = Map.copyOf(files);
        refused = Map.copyOf(refused);
        folders = Set.copyOf(folders);
        kernels = List.copyOf(kernels);
    }

    public Optional<HostFile> find(String path) {
        return Optional.ofNullable(files.get(path));
    }

    /** Its text; empty when the file is absent. */
    String text(String path) {
        return find(path).map(HostFile::content).orElse("");
    }

    /** Files in a folder, by path. */
    List<HostFile> in(String folder) {
        return files.values().stream()
                .filter(f -> f.path().startsWith(folder))
                .sorted(java.util.Comparator.comparing(HostFile::path))
                .toList();
    }

    /** Why a file must not be edited; empty when it may. */
    Optional<String> refusal(String path) {
        return Optional.ofNullable(refused.get(path));
    }

    /** What the look printed, or a sentence that says why it cannot be used. */
    sealed interface Parsed {
        record Read(HostFiles files) implements Parsed {}

        record Unreadable(String sentence) implements Parsed {}
    }

    /** Reads the output of {@link HostLook}. An answer that was cut off is not used at all. */
    static Parsed parse(String output) {
        Map<String, HostFile> files = new LinkedHashMap<>();
        Map<String, String> refused = new LinkedHashMap<>();
        Set<String> folders = new TreeSet<>();
        List<String> kernels = new ArrayList<>();
        boolean ended = false;
        for (String line : output.lines().toList()) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "file" -> {
                    if (words.length < 5) {
                        return new Parsed.Unreadable("The host's answer about its files cannot be read.");
                    }
                    file(words, files, refused);
                }
                case "large" -> refused.put(words[1], words[1] + " is larger than 256 KiB, so it is left alone.");
                case "other" -> refused.put(words[1], words[1] + " is no ordinary file, so it is left alone.");
                case "folder" -> folders.add(words[1]);
                case "kernel" -> kernels.add(words[1]);
                case "end" -> ended = true;
                default -> {
                    // a login message
                }
            }
        }
        return ended
                ? new Parsed.Read(new HostFiles(files, refused, folders, kernels))
                : new Parsed.Unreadable("The host's answer about its files was cut off.");
    }

    private static void file(String[] words, Map<String, HostFile> files, Map<String, String> refused) {
        String path = words[1];
        String mode = words[3].length() < 4 ? "0".repeat(4 - words[3].length()) + words[3] : words[3];
        try {
            byte[] bytes = Base64.getDecoder().decode(words.length > 5 ? words[5] : "");
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            HostFile file = new HostFile(path, text, words[2], mode);
            if (!file.sha256().equals(words[4])) {
                refused.put(path, path + " changed while it was read. Read the host again.");
            } else if (text.indexOf('\0') >= 0) {
                refused.put(path, path + " holds bytes that are no text, so it is left alone.");
            } else if (text.contains("{run") || text.contains("{host.") || text.contains("{secret.")) {
                refused.put(path, path + " holds words in braces that mean something to a run, so it is left alone.");
            } else {
                files.put(path, file);
            }
        } catch (CharacterCodingException | IllegalArgumentException noText) {
            refused.put(path, path + " holds bytes that are no UTF-8 text, so it is left alone.");
        }
    }
}
