package dev.rackhouse.inventory.fact;

import dev.rackhouse.base.PciAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A device on a USB port.
 *
 * @param id {@code 046d:c31c}
 * @param controllers the PCI functions in its path, from the root port down
 */
public record UsbDevice(String name, String path, List<PciAddress> controllers, String id, String product) {

    // Makers of nothing but power supplies and their electronics, from the public USB id list.
    private static final Set<String> UPS_VENDORS =
            Set.of("0463", "051d", "0764", "0d9f", "09ae", "06da", "0665", "10af", "09d6");

    public UsbDevice {
        controllers = List.copyOf(controllers);
    }

    public @Nullable PciAddress controller() {
        return controllers.isEmpty() ? null : controllers.getLast();
    }

    /** A root hub belongs to its controller; nobody plugged it in. */
    public boolean rootHub() {
        return id.startsWith("1d6b:") || name.matches("usb[0-9]+");
    }

    /** A keyboard, also one that a remote console pretends to be. */
    public boolean keyboard() {
        String text = product.toLowerCase(Locale.ROOT);
        return text.contains("keyboard")
                || text.contains("kbd")
                || text.contains("unifying")
                || text.matches(".*\\bkvm\\b.*")
                || id.startsWith("046b:ff");
    }

    /** The data line of an uninterruptible power supply. */
    public boolean powerSupply() {
        String text = product.toLowerCase(Locale.ROOT);
        return id.length() >= 4 && UPS_VENDORS.contains(id.substring(0, 4))
                || text.matches(".*\\bups\\b.*")
                || text.contains("uninterruptible");
    }

    /** The record, shortened: {@code PATH usb 1-7 USB Keyboard}. */
    public String line() {
        return "PATH usb " + name + " " + (product.isBlank() ? id : product);
    }
}
