package dev.rackhouse.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.options.AriaRole;
import dev.rackhouse.rehearsal.ConsoleProcess;
import dev.rackhouse.rehearsal.PretendLabs;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The third story of the product: an operator sees that thor's fast pair answers, switches it to the large model over both cards, and back.
 * No command is typed. Pictures of the way lie in {@code target/journeys/serving} afterwards.
 */
class ServingJourneyIT {

    private static final Path PICTURES = Path.of("target/journeys/serving");
    private static final Locator.WaitForOptions PATIENTLY = new Locator.WaitForOptions().setTimeout(240_000);

    @TempDir
    Path folder;

    private int picture;

    @Test
    void anOperatorSwitchesThorToTheLargeModelAndBack() {
        try (PretendLabs labs = PretendLabs.start(folder.resolve("labs"), "thor", "--openid", "--speed", "20");
                ConsoleProcess console = ConsoleProcess.start("console", labs, folder, settings());
                Browser browser = new Browser();
                BrowserContext operator = browser.person(1280, 900)) {
            String address = console.address().toString();
            Page page = Browser.signIn(operator, address, "operator");
            try {
                engine(page, address, "vllm-7b", "ready");
                shoot(page, "the-pair-answers");
                to(page, address, "32B tensor parallel", "there");
                engine(page, address, "vllm-32b", "ready");
                shoot(page, "the-large-model-answers");
                page.navigate(address + "models/deployments");
                page.locator(".page").getByText("vllm-32b").first().waitFor(PATIENTLY);
                shoot(page, "what-runs-now");
                to(page, address, "Fast pair", "back");
                engine(page, address, "vllm-14b", "ready");
                shoot(page, "the-pair-answers-again");
            } catch (PlaywrightException stuck) {
                shoot(page, "where-it-stopped");
                throw new AssertionError("stopped at " + page.url() + ", which says: " + Journey.said(page), stuck);
            }

            assertThat(browser.complaints()).isEmpty();
        }
    }

    /** What the console knows to be served there. */
    private static Map<String, String> settings() {
        return Map.of(
                "RACKHOUSE_INFERENCE_FILE",
                Path.of("src/main/resources/labs/inference.yaml").toAbsolutePath().toString());
    }

    private void to(Page page, String address, String mode, String way) {
        page.navigate(address + "models/modes");
        Locator goThere = button(page, "^Switch to " + mode);
        goThere.waitFor(PATIENTLY);
        shoot(page, "modes-before-the-way-" + way);
        goThere.click();
        Locator start = button(page, "^Switch to " + mode + "$");
        start.and(page.locator(":not([disabled])")).first().waitFor(PATIENTLY);
        shoot(page, "the-plan-" + way);
        start.click();
        page.waitForURL("**/runs/*");
        page.getByText("gets ready").filter(new Locator.FilterOptions().setVisible(true)).first().waitFor(PATIENTLY);
        shoot(page, "under-way-" + way);
        Journey.standing(page, "done");
        shoot(page, "proved-" + way);
    }

    private static void engine(Page page, String address, String deployment, String word) {
        page.navigate(address + "models/deployments/" + deployment);
        page.locator(".badge")
                .getByText(word, new Locator.GetByTextOptions().setExact(true))
                .first()
                .waitFor(PATIENTLY);
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile(name)));
    }

    private void shoot(Page page, String what) {
        Journey.shoot(page, PICTURES.resolve("%02d-%s.png".formatted(++picture, what)));
    }
}
