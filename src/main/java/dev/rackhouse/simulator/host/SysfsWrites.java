package dev.rackhouse.simulator.host;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What happens when somebody writes to a file of {@code /sys}: drivers let go and take hold, huge pages come and go. */
final class SysfsWrites {
    private static final Pattern UNBIND = Pattern.compile("/sys/bus/pci/(?:drivers|devices)/[^/]+(?:/driver)?/unbind");
    private static final Pattern BIND = Pattern.compile("/sys/bus/pci/drivers/([^/]+)/bind");
    private static final Pattern PAGES =
            Pattern.compile("/sys/devices/system/node/node(\\d+)/hugepages/hugepages-(\\d+)kB/nr_hugepages");

    private final PciState pci;
    private final HugePages hugePages;

    SysfsWrites(PciState pci, HugePages hugePages) {
        this.pci = pci;
        this.hugePages = hugePages;
    }

    /** @param file that was written, absolute in the machine */
    void written(String file, HostTree tree) {
        String text = tree.read(file).orElse("").strip();
        Matcher pages = PAGES.matcher(file);
        Matcher bind = BIND.matcher(file);
        if (text.isEmpty()) {
            return;
        }
        if (UNBIND.matcher(file).matches()) {
            pci.unbind(text, tree, true);
        } else if (bind.matches()) {
            pci.bind(text, bind.group(1), tree, true);
        } else if (file.equals("/sys/bus/pci/drivers_probe")) {
            tree.read("/sys/bus/pci/devices/" + text + "/driver_override")
                    .map(String::strip)
                    .filter(driver -> !driver.isEmpty() && !driver.equals("(null)"))
                    .ifPresent(driver -> pci.bind(text, driver, tree, true));
        } else if (pages.matches() && text.matches("\\d+")) {
            hugePages.resize(
                    Integer.parseInt(pages.group(1)), Integer.parseInt(pages.group(2)), Integer.parseInt(text));
        }
    }
}
