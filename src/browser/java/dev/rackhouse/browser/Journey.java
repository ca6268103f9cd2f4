package dev.rackhouse.browser;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** The main journey of a person through the console, as far as the screens need it. */
final class Journey {

    private final Browser browser;
    private final String address;

    Journey(Browser browser, String address) {
        this.browser = browser;
        this.address = address;
    }

    /** The wizard's screens by name, with their address. */
    Map<String, String> wizard() {
        Map<String, String> screens = new LinkedHashMap<>();
        try (BrowserContext person = browser.person(1280, 800)) {
            Page page = Browser.signIn(person, address, "admin");
            screens.put("wizard-device", "passthrough/new");
            screens.put("wizard-review", wizardOnCaraxes(page));
        }
        return screens;
    }

    /** All other screens by name, with their address; makes a run first, so that there is one to look at. */
    Map<String, String> others() {
        Map<String, String> screens = new LinkedHashMap<>();
        try (BrowserContext person = browser.person(1280, 800)) {
            Page page = Browser.signIn(person, address, "admin");
            String run = createPassthroughVm(page);
            screens.put("nodes", "nodes");
            screens.put("node", first(page, "nodes", "a[href*='caraxes']"));
            screens.put("devices", devicesOfCaraxes(page));
            screens.put("readiness", devicesOfCaraxes(page).replaceFirst("^devices/", "readiness/"));
            screens.put("gpus", "gpus");
            screens.put("guests", "guests");
            screens.put("guest", first(page, "guests", "a[href^='guests/']"));
            screens.put("models", "models");
            screens.put("model", "models/qwen2.5-32b-instruct");
            screens.put("deployments", "models/deployments");
            screens.put("deployment", "models/deployments/vllm-14b");
            screens.put("modes", "models/modes");
            screens.put("network", "network");
            screens.put("storage", "storage");
            screens.put("changes", "changes");
            screens.put("runs", "runs");
            screens.put("run", run);
            screens.put("labs", "labs");
            screens.put("lab", first(page, "labs", "a[href^='labs/']:not([href='labs/connect'])"));
            screens.put("lab-connect", "labs/connect");
            screens.put("my-access", "my-access");
            screens.put("audit", "audit");
            screens.put("settings", "settings");
        }
        screens.values().removeIf(String::isBlank);
        screens.put("overview", "");
        return screens;
    }

    /** What must be clicked before the screen is the one that its name says. */
    void reach(Page page, String screen) {
        if (screen.equals("wizard-review")) {
            toReview(page);
        }
    }

    /** Creates a VM with caraxes' card by taking every suggestion; returns the address of its run when it has ended. */
    String createPassthroughVm(Page page) {
        page.navigate(address + wizardOnCaraxes(page));
        toReview(page);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("^Create VM .* on caraxes$")))
                .click();
        page.waitForURL("**/runs/*");
        standing(page, "done");
        return page.url().substring(address.length());
    }

    /** Undoes the run and waits until that is done. */
    void undo(Page page, String run) {
        page.navigate(address + run);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("^Undo")))
                .first()
                .click();
        page.locator("vaadin-dialog-overlay, vaadin-dialog")
                .getByRole(AriaRole.BUTTON, new com.microsoft.playwright.Locator.GetByRoleOptions().setName(Pattern.compile("^Undo")))
                .last()
                .click();
        standing(page, "undone");
    }

    static void standing(Page page, String word) {
        page.locator(".page-header .badge")
                .getByText(word, new com.microsoft.playwright.Locator.GetByTextOptions().setExact(true))
                .first()
                .waitFor(new com.microsoft.playwright.Locator.WaitForOptions().setTimeout(120_000));
    }

    static void toReview(Page page) {
        for (int step = 0; step < 8; step++) {
            page.waitForTimeout(1500);
            tickWarnings(page);
            var next = page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Next").setExact(true));
            if (next.count() == 0 || !next.first().isEnabled()) {
                break;
            }
            next.first().click();
        }
        page.waitForTimeout(700);
    }

    private static void tickWarnings(Page page) {
        var open = page.locator("vaadin-checkbox:not([checked]):visible")
                .filter(new com.microsoft.playwright.Locator.FilterOptions().setHasText("I have read this"));
        for (int most = 20; most > 0 && open.count() > 0; most--) {
            open.first().locator("input").check();
            page.waitForTimeout(400);
        }
    }

    private String devicesOfCaraxes(Page page) {
        return first(page, "nodes", "a[href*='caraxes']").replaceFirst("^nodes/", "devices/");
    }

    private String wizardOnCaraxes(Page page) {
        String node = first(page, "nodes", "a[href*='caraxes']").replaceFirst("^nodes/", "");
        String[] parts = node.split("/");
        return parts.length < 2
                ? "passthrough/new"
                : "passthrough/new?lab=" + parts[0] + "&node=" + parts[1] + "&device=0000:0e:00";
    }

    private String first(Page page, String list, String links) {
        page.navigate(address + list);
        page.locator(".page").first().waitFor();
        page.waitForTimeout(1500);
        var found = page.locator(links);
        return found.count() == 0 ? "" : found.first().getAttribute("href");
    }
}
