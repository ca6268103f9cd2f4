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
 * The promise of the product: an operator finds a host whose IOMMU is off, prepares it through a reboot, creates a VM that proves that it
 * sees the card, sets the card up in it, and deploys a model that answers. No command is typed. Pictures of the way lie in {@code target/journeys/host} afterwards.
 */
class HostPreparationJourneyIT {

    private static final Path PICTURES = Path.of("target/journeys/host");

    private static final Locator.WaitForOptions PATIENTLY = new Locator.WaitForOptions().setTimeout(240_000);

    @TempDir
    Path folder;

    private int picture;

    @Test
    void anOperatorComesFromABareHostToAModelThatAnswers() {
        try (PretendLabs labs = PretendLabs.start(folder.resolve("labs"), "bare", "--openid", "--speed", "10");
                ConsoleProcess console = ConsoleProcess.start("console", labs, folder, Map.of());
                Browser browser = new Browser();
                BrowserContext operator = browser.person(1280, 900)) {
            String address = console.address().toString();
            Page page = Browser.signIn(operator, address, "operator");
            try {
                toTheVm(page, address);
                assertThat(page.locator(".page").first().textContent()).contains("The guest sees every planned device");
                toTheModel(page, address);
                assertThat(page.locator(".page").first().textContent()).contains("answers with tokens, and again");
                whatTheHouseShowsNow(page, address);
            } catch (PlaywrightException stuck) {
                shoot(page, "where-it-stopped");
                throw new AssertionError("stopped at " + page.url() + ", which says: " + Journey.said(page), stuck);
            }

            assertThat(browser.complaints()).isEmpty();
        }
    }

    private void toTheVm(Page page, String address) {
            String wizard = wizardOfTheCard(page, address);
            page.navigate(address + wizard);
            goOn(page);
            page.getByText("The kernel runs no IOMMU").first().waitFor();
            assertThat(page.locator(".shell-nav [aria-current=page]").allTextContents())
                    .containsExactly("Devices");
            shoot(page, "the-checks-say-what-is-missing");

            page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Prepare pve…"))
                    .first()
                    .click();
            page.getByText("Turn the IOMMU on").waitFor();
            shoot(page, "what-is-wished-for-the-host");
            goOn(page);
            shoot(page, "what-the-reboot-may-bring");
            Journey.toReview(page);
            shoot(page, "the-literal-plan");

            button(page, "^Prepare pve").click();
            page.waitForURL("**/runs/*");
            button(page, "^Approve").first().waitFor(new Locator.WaitForOptions().setTimeout(120_000));
            shoot(page, "somebody-is-asked-before-the-reboot");
            button(page, "^Approve").first().click();
            button(page, "^Approve and go on$").click();
            page.getByText("pve answers with a new boot")
                    .filter(new Locator.FilterOptions().setVisible(true))
                    .or(Journey.badge(page, "done"))
                    .first()
                    .waitFor(new Locator.WaitForOptions().setTimeout(240_000));
            shoot(page, "the-host-reboots");
            Journey.standing(page, "done");
            shoot(page, "the-host-is-prepared");

            page.navigate(address + wizard);
            Journey.toReview(page);
            shoot(page, "the-plan-of-the-vm");
            button(page, "^Create VM .* on pve$").click();
            page.waitForURL("**/runs/*");
            Journey.standing(page, "done");
            shoot(page, "the-vm-is-proved");
    }

    private void toTheModel(Page page, String address) {
        page.navigate(address + "models/deployments/new");
        choose(page, "Model", "Qwen2.5 7B Instruct");
        choose(page, "Files", "awq");
        choose(page, "Place", "rtx-3060");
        enabled(page, "^Look at the place$").click();
        Locator setUp = button(page, "^Set up the GPU in this guest").first();
        setUp.waitFor(PATIENTLY);
        shoot(page, "what-the-model-lacks");
        setUp.click();
        button(page, "^Look into the guest$").click();
        page.getByText("Nothing stands in the way").waitFor(PATIENTLY);
        enabled(page, "^Show the plan$").last().click();
        button(page, "^Set up the GPUs of ").click();
        page.waitForURL("**/runs/*");
        Journey.standing(page, "done");
        shoot(page, "the-card-computes");

        page.navigate(address + "models/deployments/new");
        page.getByText("What you began is here again").waitFor();
        enabled(page, "^Look at the place$").click();
        page.getByText("It fits:").first().waitFor(PATIENTLY);
        shoot(page, "the-model-fits");
        enabled(page, "^Show the plan$").click();
        button(page, "^Deploy ").click();
        page.waitForURL("**/runs/*");
        Journey.standing(page, "done");
        shoot(page, "the-model-is-proved");
    }

    private void whatTheHouseShowsNow(Page page, String address) {
        page.navigate(address + "models/deployments/qwen2-5-7b-instruct");
        page.locator(".badge")
                .getByText("ready", new Locator.GetByTextOptions().setExact(true))
                .first()
                .waitFor(PATIENTLY);
        page.getByText("RTX 3060").first().waitFor();
        shoot(page, "the-model-answers");
        page.navigate(address);
        page.locator(".page").getByText("qwen2-5-7b-instruct").first().waitFor();
        shoot(page, "the-house-serves");
    }

    private static void choose(Page page, String field, String item) {
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("^" + field)))
                .click();
        page.locator("vaadin-select-item")
                .filter(new Locator.FilterOptions().setHasText(item).setVisible(true))
                .first()
                .click();
    }

    private static Locator enabled(Page page, String name) {
        Locator button = button(page, name).and(page.locator(":not([disabled])"));
        button.last().waitFor(PATIENTLY);
        return button;
    }

    private static String wizardOfTheCard(Page page, String address) {
        page.navigate(address + "nodes");
        Locator node = page.locator("a[href^='nodes/']").first();
        node.waitFor();
        String[] parts = String.valueOf(node.getAttribute("href")).split("/");
        return "passthrough/new?lab=" + parts[1] + "&node=" + parts[2] + "&device=0000:01:00";
    }

    private static void goOn(Page page) {
        page.waitForTimeout(1500);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Next").setExact(true))
                .first()
                .click();
        page.waitForTimeout(700);
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile(name)));
    }

    private void shoot(Page page, String what) {
        Journey.shoot(page, PICTURES.resolve("%02d-%s.png".formatted(++picture, what)));
    }
}
