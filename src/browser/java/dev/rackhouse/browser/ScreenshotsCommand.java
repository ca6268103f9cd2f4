package dev.rackhouse.browser;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import dev.rackhouse.rehearsal.ConsoleProcess;
import dev.rackhouse.rehearsal.PretendLabs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Every screen of the console over the pretend labs, at three widths, dark and light, as PNG files in a folder. Fails when a page complains. */
final class ScreenshotsCommand {

    private static final int[] WIDTHS = {390, 1280, 1920};

    private ScreenshotsCommand() {}

    public static void main(String[] arguments) throws Exception {
        Path target = Path.of(arguments.length > 0 ? arguments[0] : "target/screenshots");
        Files.createDirectories(target);
        Path folder = Files.createTempDirectory("rackhouse-screenshots");
        int complaints;
        try (PretendLabs labs = PretendLabs.start(folder.resolve("labs"), "--openid", "--speed", "20");
                ConsoleProcess console = ConsoleProcess.start(
                        "console",
                        labs,
                        folder,
                        Map.of("RACKHOUSE_INFERENCE_FILE", Path.of("src/main/resources/labs/inference.yaml").toAbsolutePath().toString()));
                Browser browser = new Browser()) {
            Journey journey = new Journey(browser, console.address().toString());
            shoot(browser, console, journey, journey.beforeARun(), target);
            shoot(browser, console, journey, journey.others(), target);
            browser.complaints().forEach(c -> System.out.println("complaint: " + c));
            complaints = browser.complaints().size();
        }
        System.out.println("screenshots are in " + target.toAbsolutePath());
        System.exit(complaints == 0 ? 0 : 1);
    }

    private static void shoot(
            Browser browser, ConsoleProcess console, Journey journey, Map<String, String> screens, Path target) {
        for (int width : WIDTHS) {
            for (String theme : List.of("dark", "light")) {
                try (BrowserContext person = browser.person(width, width < 600 ? 844 : width < 1500 ? 800 : 1080)) {
                    Page page = Browser.signIn(person, console.address().toString(), "admin");
                    page.evaluate("theme => localStorage.setItem('rackhouse.theme', theme)", theme);
                    for (Map.Entry<String, String> screen : screens.entrySet()) {
                        page.navigate(console.address() + screen.getValue());
                        page.locator(".page, .notice").first().waitFor();
                        page.waitForTimeout(900);
                        journey.reach(page, screen.getKey());
                        page.screenshot(new Page.ScreenshotOptions()
                                .setPath(target.resolve(screen.getKey() + "-" + width + "-" + theme + ".png"))
                                .setFullPage(true));
                        wide(page, screen.getKey(), width);
                    }
                }
            }
        }
    }

    private static void wide(Page page, String screen, int width) {
        Object scroll = page.evaluate("() => document.documentElement.scrollWidth");
        if (((Number) scroll).intValue() > width) {
            System.out.println("wider than the window: " + screen + " at " + width + " px (" + scroll + ")");
        }
    }
}
