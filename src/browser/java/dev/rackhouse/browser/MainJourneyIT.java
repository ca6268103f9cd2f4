package dev.rackhouse.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.rackhouse.rehearsal.ConsoleProcess;
import dev.rackhouse.rehearsal.PretendLabs;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The story of the product: an operator signs in, gives caraxes' card to a new VM by taking every suggestion, sees it proved, and takes it back. */
class MainJourneyIT {

    @TempDir
    static Path folder;

    private static PretendLabs labs;
    private static ConsoleProcess console;
    private static Browser browser;

    @BeforeAll
    static void startEverything() {
        labs = PretendLabs.start(folder.resolve("labs"), "targaryen", "--openid", "--speed", "20");
        console = ConsoleProcess.start("console", labs, folder, Map.of());
        browser = new Browser();
    }

    @AfterAll
    static void stopEverything() {
        browser.close();
        console.close();
        labs.close();
    }

    @Test
    void anOperatorCreatesAPassthroughVmSeesItProvedAndUndoesIt() {
        Journey journey = new Journey(browser, console.address().toString());
        try (BrowserContext operator = browser.person(1280, 800)) {
            Page page = Browser.signIn(operator, console.address().toString(), "operator");

            String run = journey.createPassthroughVm(page);
            journey.undo(page, run);

            assertThat(page.locator(".page-header").textContent()).contains("Create");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void aViewerSeesEverythingAndCanChangeNothing() {
        try (BrowserContext viewer = browser.person(390, 844)) {
            Page page = Browser.signIn(viewer, console.address().toString(), "viewer");
            page.navigate(console.address() + "nodes");

            page.getByText("caraxes").first().waitFor();

            assertThat(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Audit"))
                            .count())
                    .isZero();
            assertThat(((Number) page.evaluate("() => document.documentElement.scrollWidth")).intValue())
                    .isLessThanOrEqualTo(390);
        }
    }
}
