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
 * The second story of the product: an operator finds a host whose IOMMU is off, prepares it through a reboot, and creates a VM that
 * proves that it sees the card. No command is typed. Pictures of the way lie in {@code target/journeys/host} afterwards.
 */
class HostPreparationJourneyIT {

    private static final Path PICTURES = Path.of("target/journeys/host");

    @TempDir
    Path folder;

    private int picture;

    @Test
    void anOperatorPreparesABareHostAndCreatesAVmThatSeesItsCard() {
        try (PretendLabs labs = PretendLabs.start(folder.resolve("labs"), "bare", "--openid", "--speed", "10");
                ConsoleProcess console = ConsoleProcess.start("console", labs, folder, Map.of());
                Browser browser = new Browser();
                BrowserContext operator = browser.person(1280, 900)) {
            String address = console.address().toString();
            Page page = Browser.signIn(operator, address, "operator");
            try {
                wholeWay(page, address);
            } catch (PlaywrightException stuck) {
                shoot(page, "where-it-stopped");
                throw new AssertionError("stopped at " + page.url() + ", which says: " + Journey.said(page), stuck);
            }

            assertThat(page.locator(".page").first().textContent()).contains("The guest sees every planned device");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private void wholeWay(Page page, String address) {
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
