package dev.rackhouse.browser;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import dev.rackhouse.rehearsal.ConsoleProcess;
import dev.rackhouse.rehearsal.Control;
import dev.rackhouse.rehearsal.PretendLabs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures what needs browsers: {@code calls} (to a pretend cluster of 16 nodes and 400 guests, with 0 and 5 signed-in browsers, what is
 * pushed to one of them, and the memory of the console), {@code page} (first page at 5,000 guests). Prints figures beside their goals; never fails on
 * time.
 */
final class BenchCommand {

    private static final String[] LOOKED_AT = {"", "nodes", "devices", "guests", "runs"};

    private BenchCommand() {}

    public static void main(String[] arguments) throws Exception {
        String name = arguments.length == 0 ? "" : arguments[0];
        Duration each = Duration.ofSeconds(arguments.length > 1 ? Long.parseLong(arguments[1]) : 300);
        switch (name) {
            case "calls" -> calls(each);
            case "page" -> page();
            default -> {
                System.err.println("usage: bench calls [SECONDS] | page");
                System.exit(2);
            }
        }
        System.exit(0);
    }

    private static void calls(Duration each) throws Exception {
        Path folder = Files.createTempDirectory("rackhouse-bench");
        try (PretendLabs labs = PretendLabs.start(folder.resolve("labs"), "--nodes", "16", "--guests", "400", "--openid");
                ConsoleProcess console = ConsoleProcess.start("console", labs, folder, Map.of());
                Browser browser = new Browser()) {
            List<Control> controls = labs.controls();
            Thread.sleep(Duration.ofSeconds(90));
            System.out.printf("16 nodes, 400 guests; each measured over %d s after 90 s of settling%n", each.toSeconds());
            report("0 viewers", controls, () -> Thread.sleep(each), each, 12);
            AtomicLong pushed = new AtomicLong();
            List<BrowserContext> people = new ArrayList<>();
            for (int i = 0; i < LOOKED_AT.length; i++) {
                BrowserContext person = browser.person(1280, 800);
                people.add(person);
                Page page = Browser.signIn(person, console.address().toString(), "viewer");
                if (i == 0) {
                    page.onWebSocket(socket -> socket.onFrameReceived(
                            frame -> pushed.addAndGet(frame.text() == null ? frame.binary().length : frame.text().length())));
                }
                page.navigate(console.address() + LOOKED_AT[i]);
                page.locator(".page").first().waitFor();
            }
            // the driver tells of frames only while it is asked something
            Page overview = people.getFirst().pages().getFirst();
            overview.waitForTimeout(30_000);
            pushed.set(0);
            report("5 viewers", controls, () -> overview.waitForTimeout(each.toMillis()), each, 60);
            System.out.printf(
                    Locale.ROOT,
                    "%-34s %8.1f kB/min   goal <= 50%n",
                    "pushed to one viewer (overview)",
                    pushed.get() / 1000.0 / (each.toSeconds() / 60.0));
            System.out.printf(
                    Locale.ROOT, "%-34s %8.0f MiB      goal <= 350%n", "resident, 5 viewers", residentMiB(console.pid()));
            people.forEach(BrowserContext::close);
        }
    }

    /** Lets time pass. */
    private interface Passing {
        void pass() throws InterruptedException;
    }

    private static void report(String what, List<Control> controls, Passing time, Duration each, int goal)
            throws InterruptedException {
        controls.forEach(Control::clear);
        time.pass();
        System.out.printf(
                Locale.ROOT,
                "%-34s %8.1f calls/min  goal <= %d%n",
                what,
                controls.stream().mapToLong(Control::calls).sum() / (each.toSeconds() / 60.0),
                goal);
        controls.forEach(control ->
                control.callsByPath().forEach((path, count) -> System.out.printf("    %6d  %s%n", count, path)));
    }

    private static void page() throws Exception {
        Path folder = Files.createTempDirectory("rackhouse-bench");
        try (PretendLabs labs =
                        PretendLabs.start(folder.resolve("labs"), "--nodes", "160", "--guests", "5000", "--openid");
                ConsoleProcess console = ConsoleProcess.start("console", labs, folder, Map.of());
                Browser browser = new Browser()) {
            Thread.sleep(Duration.ofSeconds(90));
            BrowserContext person = browser.person(1280, 800);
            Browser.signIn(person, console.address().toString(), "viewer").close();
            for (String path : new String[] {"", "guests", "nodes", "devices"}) {
                for (int round = 0; round < 3; round++) {
                    measure(person, console, path, round);
                }
            }
            System.out.printf(Locale.ROOT, "resident at 5,000 guests           %8.0f MiB%n", residentMiB(console.pid()));
        }
    }

    private static void measure(BrowserContext person, ConsoleProcess console, String path, int round) {
        Page page = person.newPage();
        AtomicLong bytes = new AtomicLong();
        Set<String> cached = new HashSet<>();
        var protocol = person.newCDPSession(page);
        protocol.send("Network.enable");
        protocol.on("Network.requestServedFromCache", e -> cached.add(e.get("requestId").getAsString()));
        protocol.on("Network.loadingFinished", e -> {
            if (!cached.contains(e.get("requestId").getAsString())) {
                bytes.addAndGet((long) e.get("encodedDataLength").getAsDouble());
            }
        });
        long start = System.nanoTime();
        page.navigate(console.address() + path);
        page.locator(".page").first().waitFor();
        long millis = (System.nanoTime() - start) / 1_000_000;
        page.waitForTimeout(1000);
        System.out.printf(
                "/%-12s %s  %6d ms  goal <= 1000   %5d kB  goal <= 300%n",
                path, round == 0 ? "first " : "again ", millis, bytes.get() / 1000);
        page.close();
    }


    private static double residentMiB(long pid) throws Exception {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(0)
                / 1024.0;
    }
}
