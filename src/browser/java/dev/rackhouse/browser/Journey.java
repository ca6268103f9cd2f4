package dev.rackhouse.browser;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** The main journey of a person through the console, as far as the screens need it. */
final class Journey {

    /** A VM of targaryen that runs with a card. */
    private static final String RUNNING_WITH_GPU = "200";

    /** A VM on caraxes that does not run. */
    private static final String STOPPED = "102";

    private final Browser browser;
    private final String address;

    Journey(Browser browser, String address) {
        this.browser = browser;
        this.address = address;
    }

    /** The screens from before anything is created, by name, with their address. */
    Map<String, String> beforeARun() {
        Map<String, String> screens = new LinkedHashMap<>();
        try (BrowserContext person = browser.person(1280, 800)) {
            Page page = Browser.signIn(person, address, "admin");
            screens.put("wizard-device", "passthrough/new");
            String pve = bare(page);
            screens.put("wizard-checks", "passthrough/new?" + query(pve));
            screens.put("wizard-review", wizardOnCaraxes(page));
            screens.put("preparation-wishes", "preparation/" + pve);
            screens.put("preparation-checks", "preparation/" + pve);
            screens.put("preparation-review", "preparation/" + pve);
            screens.put("readiness-bare", "readiness/" + pve);
            screens.put("renumbering", "renumbering?" + query(pve));
            screens.put("give-back", devicesOfCaraxes(page));
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
            String caraxes = node(page, "caraxes");
            screens.put("guest-setup", "guests/" + lab(caraxes) + "/" + RUNNING_WITH_GPU);
            screens.put("attach", "passthrough/attach?" + query(caraxes) + "&guest=" + STOPPED + "&device=0000:0c:00.0");
            screens.put("detach", "passthrough/detach?lab=" + lab(caraxes) + "&guest=" + RUNNING_WITH_GPU);
            screens.put("models", "models");
            screens.put("model", "models/qwen2.5-32b-instruct");
            screens.put("deployments", "models/deployments");
            screens.put("deployment", "models/deployments/vllm-14b");
            screens.put("deployment-new", "models/deployments/new");
            screens.put("deployment-edit", "models/deployments/vllm-14b/edit");
            screens.put("deployment-history", "models/deployments/vllm-14b/history");
            screens.put("engines-found", "models/deployments/found");
            screens.put("modes", "models/modes");
            screens.put("swap", "models/modes/tensor-parallel-32b");
            screens.put("network", "network");
            screens.put("storage", "storage");
            screens.put("changes", "changes");
            screens.put("runs", "runs");
            screens.put("run", run);
            screens.put("run-asks", prepareUntilItAsks(page));
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
        switch (screen) {
            case "wizard-review", "preparation-review" -> toReview(page);
            case "wizard-checks", "preparation-checks" -> next(page);
            case "preparation-wishes" -> page.locator(".wish").first().waitFor();
            case "swap" -> page.locator(".outline, .notice").first().waitFor();
            case "attach", "detach" ->
                page.locator(".outline, .notice").first().waitFor();
            case "guest-setup" -> {
                page.locator(".more-actions > summary").first().click();
                dialog(page, "vaadin-button:not([disabled])", "^Set up the GPU");
            }
            case "give-back" -> dialog(page, "button:not([disabled])", "^Give back to the host");
            default -> {
                // the address is all
            }
        }
    }

    private static void dialog(Page page, String kind, String text) {
        page.locator(kind)
                .filter(new Locator.FilterOptions().setHasText(Pattern.compile(text)))
                .first()
                .click();
        page.locator("vaadin-dialog[opened]")
                .first()
                .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.ATTACHED));
        page.waitForTimeout(700);
    }

    private static void next(Page page) {
        var next = page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Next").setExact(true));
        next.and(page.locator(":not([disabled])")).first().click();
        page.waitForTimeout(900);
    }

    /** Prepares the bare host, as suggested; returns the address of the run, which waits for a yes to the reboot. */
    private String prepareUntilItAsks(Page page) {
        page.navigate(address + "preparation/" + bare(page));
        toReview(page);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("^Prepare pve")))
                .click();
        page.waitForURL("**/runs/*");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("^Approve")))
                .first()
                .waitFor(new Locator.WaitForOptions().setTimeout(120_000));
        return page.url().substring(address.length());
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
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(Pattern.compile("^Undo")))
                .last()
                .click();
        standing(page, "undone");
    }

    static void standing(Page page, String word) {
        badge(page, word).first().waitFor(new Locator.WaitForOptions().setTimeout(240_000));
    }

    /** The word in the run's head, when it is the given one. */
    static Locator badge(Page page, String word) {
        return page.locator(".page-header .badge").getByText(word, new Locator.GetByTextOptions().setExact(true));
    }

    /** What a person would read on the page, shortened. */
    static String said(Page page) {
        String text = page.locator("body").innerText().replaceAll("\\s+", " ");
        return text.substring(0, Math.min(text.length(), 2_000));
    }

    /** The whole page, as a PNG file. */
    static void shoot(Page page, Path file) {
        page.evaluate("() => window.scrollTo(0, 0)");
        page.screenshot(new Page.ScreenshotOptions().setPath(file).setFullPage(true));
    }

    static void toReview(Page page) {
        page.locator(".wizard-buttons").first().waitFor();
        for (int step = 0; step < 8; step++) {
            page.waitForTimeout(1500);
            tickWarnings(page);
            var next = page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Next").setExact(true));
            for (int patience = 40; patience > 0 && next.count() > 0 && !next.first().isEnabled(); patience--) {
                page.waitForTimeout(500); // a machine is asked, or the page is on its way
                tickWarnings(page);
            }
            if (next.count() == 0 || !next.first().isEnabled()) {
                break;
            }
            next.first().click();
        }
        page.waitForTimeout(700);
    }

    private static void tickWarnings(Page page) {
        var open = page.locator("vaadin-checkbox:not([checked]):visible")
                .filter(new Locator.FilterOptions().setHasText("I have read this"));
        for (int most = 20; most > 0 && open.count() > 0; most--) {
            open.first().locator("input").check();
            page.waitForTimeout(400);
        }
    }

    /** Lab and node, as they stand in addresses. */
    private String node(Page page, String name) {
        return first(page, "nodes", "a[href^='nodes/'][href$='/" + name + "']").replaceFirst("^nodes/", "");
    }

    /** The node of the lab on which nothing is prepared. */
    private String bare(Page page) {
        return first(page, "nodes", ".line:has-text('bare') a[href^='nodes/'][href$='/pve']")
                .replaceFirst("^nodes/", "");
    }

    private static String lab(String node) {
        return node.split("/")[0];
    }

    private static String query(String node) {
        return "lab=" + lab(node) + "&node=" + node.substring(node.indexOf('/') + 1);
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
