package dev.rackhouse.inference.swap;

import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.runbook.Host;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a machine tells about its GPUs: how full they are, whose processes hold memory there (by the container that the process's control
 * group names), and which Xid messages its kernel has written lately.
 *
 * @param freeRamMiB main memory that programs may still take, by the kernel's own estimate; -1: it did not tell
 * @param trouble what nvidia-smi said instead of a table; empty when it told
 */
public record CardsLook(List<Card> cards, List<App> apps, List<Xid> xids, long freeRamMiB, String trouble) {

    /** @param busId {@code 0000:01:00.0}, as the machine itself counts */
    public record Card(String uuid, String busId, String name, long totalMiB, long usedMiB, long freeMiB) {}

    /**
     * A process with memory on a card.
     *
     * @param container the id of its container, 64 hexadecimal digits; empty: it runs in none, or nobody can tell
     */
    public record App(String uuid, long pid, String name, long usedMiB, String container) {

        String words() {
            return name + " (pid " + pid + ", " + usedMiB + " MiB"
                    + (container.isEmpty() ? ")" : ", container " + container.substring(0, 12) + ")");
        }
    }

    /**
     * A message of the driver about an error of a card.
     *
     * @param busId of the card
     * @param ageSeconds since it was written; -1: not known
     */
    public record Xid(String busId, int number, long ageSeconds, String line) {}

    private static final String SCRIPT = script();
    private static final Pattern CONTAINER = Pattern.compile("(?:docker[-/]|/)([0-9a-f]{64})");
    private static final Pattern XID = Pattern.compile("Xid \\(PCI:([0-9A-Fa-f:.]+)\\): (\\d{1,4})");
    private static final Pattern WRITTEN = Pattern.compile("^\\[\\s*(\\d{1,12})\\.");
    private static final String UUID = "GPU-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    public CardsLook {
        cards = List.copyOf(cards);
        apps = List.copyOf(apps);
        xids = List.copyOf(xids);
    }

    static Shell read(Host host) {
        return new Shell(host, SCRIPT, Duration.ofSeconds(90));
    }

    /** Empty when this is no whole answer of the script. */
    static Optional<CardsLook> parse(String text) {
        List<String> lines = text.lines().toList();
        if (lines.isEmpty()
                || !lines.getFirst().equals("BEGIN\t1")
                || !lines.getLast().equals("END\t1")) {
            return Optional.empty();
        }
        List<Card> cards = new ArrayList<>();
        List<App> apps = new ArrayList<>();
        List<Xid> xids = new ArrayList<>();
        List<String> trouble = new ArrayList<>();
        long up = lines.stream()
                .filter(l -> l.startsWith("UP\t"))
                .map(l -> number(l.substring(3)))
                .findFirst()
                .orElse(-1L);
        long ram = -1;
        for (String line : lines) {
            String[] parts = line.split("\t", -1);
            switch (parts[0]) {
                case "GPU" -> card(parts[1]).ifPresentOrElse(cards::add, () -> trouble.add(parts[1].strip()));
                case "APP" -> app(parts[1], parts.length > 2 ? parts[2] : "").ifPresent(apps::add);
                case "XID" -> xid(parts[1], up).ifPresent(xids::add);
                case "RAM" -> ram = number(parts[1]) < 0 ? -1 : number(parts[1]) / 1024;
                case "CODE" -> {
                    if (parts[1].equals("127")) {
                        trouble.add("nvidia-smi is not installed");
                    }
                }
                default -> {}
            }
        }
        return Optional.of(new CardsLook(
                cards,
                apps,
                xids,
                ram,
                String.join(" ", trouble.stream().filter(t -> !t.isEmpty()).toList())));
    }

    /** What a container's processes hold on a card. */
    long heldMiB(String uuid, String container) {
        return apps.stream()
                .filter(a -> a.uuid().equals(uuid) && a.container().equals(container))
                .mapToLong(App::usedMiB)
                .sum();
    }

    /** The card of this UUID. */
    Optional<Card> find(String uuid) {
        return cards.stream().filter(c -> c.uuid().equals(uuid)).findFirst();
    }

    private static Optional<Card> card(String csv) {
        String[] cells = csv.split(",", -1);
        if (cells.length != 6 || !cells[0].strip().matches(UUID)) {
            return Optional.empty();
        }
        long total = number(cells[3]);
        long used = number(cells[4]);
        return total < 0 || used < 0
                ? Optional.empty()
                : Optional.of(new Card(
                        cells[0].strip(),
                        bus(cells[1].strip()),
                        cells[2].strip(),
                        total,
                        used,
                        Math.max(0, number(cells[5]))));
    }

    private static Optional<App> app(String csv, String group) {
        String[] cells = csv.split(",", 4);
        if (cells.length != 4 || !cells[0].strip().matches(UUID) || number(cells[1]) < 0) {
            return Optional.empty();
        }
        Matcher container = CONTAINER.matcher(group);
        return Optional.of(new App(
                cells[0].strip(),
                number(cells[1]),
                cells[3].strip(),
                Math.max(0, number(cells[2])),
                container.find() ? container.group(1) : ""));
    }

    private static Optional<Xid> xid(String line, long up) {
        Matcher found = XID.matcher(line);
        if (!found.find()) {
            return Optional.empty();
        }
        Matcher written = WRITTEN.matcher(line);
        long age = up >= 0 && written.find() ? Math.max(0, up - Long.parseLong(written.group(1))) : -1;
        return Optional.of(new Xid(bus(found.group(1)), Integer.parseInt(found.group(2)), age, line.strip()));
    }

    /** {@code 00000000:01:00.0} and {@code 0000:01:00} are one card. */
    private static String bus(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        String function = lower.contains(".") ? lower : lower + ".0";
        return function.length() > 12 ? function.substring(function.length() - 12) : function;
    }

    /** -1 for anything that is no whole number: {@code [N/A]}, {@code ERR!}. */
    private static long number(String text) {
        String plain = text.strip();
        return plain.matches("\\d{1,15}") ? Long.parseLong(plain) : -1;
    }

    private static String script() {
        try (InputStream in = CardsLook.class.getResourceAsStream("cards.sh")) {
            return new String(Objects.requireNonNull(in, "cards.sh").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
