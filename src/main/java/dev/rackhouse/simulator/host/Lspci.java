package dev.rackhouse.simulator.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What {@code lspci} prints for the functions in a tree: options {@code -D -n -nn -k -s}. */
final class Lspci {
    private Lspci() {}

    static String print(HostTree tree, List<String> words) {
        String options = words.stream().filter(word -> word.startsWith("-")).reduce("", String::concat);
        String only = words.contains("-s") && words.indexOf("-s") + 1 < words.size()
                ? words.get(words.indexOf("-s") + 1)
                : "";
        StringBuilder out = new StringBuilder();
        Path folder = tree.at("/sys/bus/pci/devices");
        if (!Files.isDirectory(folder)) {
            return "";
        }
        try (Stream<Path> devices = Files.list(folder)) {
            devices.map(device -> String.valueOf(device.getFileName())).sorted().forEach(address -> {
                if (only.isEmpty()
                        || address.endsWith(only)
                        || address.startsWith(only)
                        || address.contains(":" + only)) {
                    line(tree, address, options, out);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    private static void line(HostTree tree, String address, String options, StringBuilder out) {
        String folder = "/sys/bus/pci/devices/" + address;
        String vendor = id(tree, folder + "/vendor");
        String device = id(tree, folder + "/device");
        String kind = id(tree, folder + "/class");
        String shortKind = kind.length() >= 4 ? kind.substring(0, 4) : kind;
        String shown = options.contains("D") || !address.startsWith("0000:") ? address : address.substring(5);
        boolean numeric = options.contains("n") && !options.contains("nn");
        out.append(shown).append(' ');
        if (numeric) {
            out.append(shortKind).append(": ").append(vendor).append(':').append(device);
        } else {
            String ids = options.contains("nn") ? " [" + vendor + ":" + device + "]" : "";
            String vendorName = PciNames.vendor(vendor);
            String deviceName = PciNames.device(vendor, device);
            out.append(kindName(shortKind))
                    .append(options.contains("nn") ? " [" + shortKind + "]" : "")
                    .append(": ")
                    .append(vendorName == null ? "Vendor " + vendor : vendorName)
                    .append(' ')
                    .append(deviceName == null ? "Device " + device : deviceName)
                    .append(ids);
        }
        out.append('\n');
        if (options.contains("k") && Files.isSymbolicLink(tree.at(folder).resolve("driver"))) {
            try {
                Path driver =
                        Files.readSymbolicLink(tree.at(folder).toRealPath().resolve("driver"));
                out.append("\tKernel driver in use: ")
                        .append(driver.getFileName())
                        .append('\n');
            } catch (IOException unbound) {
                // no line for a function without driver
            }
        }
    }

    private static String id(HostTree tree, String file) {
        String text = tree.read(file).orElse("0x0000");
        return text.startsWith("0x") ? text.substring(2) : text;
    }

    private static String kindName(String kind) {
        return switch (kind) {
            case "0300" -> "VGA compatible controller";
            case "0302" -> "3D controller";
            case "0403" -> "Audio device";
            case "0c03" -> "USB controller";
            case "0c80" -> "Serial bus controller";
            case "0108" -> "Non-Volatile memory controller";
            case "0106" -> "SATA controller";
            case "0107" -> "Serial Attached SCSI controller";
            case "0100" -> "SCSI storage controller";
            case "0200" -> "Ethernet controller";
            case "0600" -> "Host bridge";
            case "0601" -> "ISA bridge";
            case "0604" -> "PCI bridge";
            default -> "Class " + kind;
        };
    }
}
