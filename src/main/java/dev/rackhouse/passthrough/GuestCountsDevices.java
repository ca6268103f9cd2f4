package dev.rackhouse.passthrough;

import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/**
 * A guest sees each of these ids as often as it should, which may be never. Reads the list that our script prints, or the kernel's
 * own file as the guest agent gives it: bus and function, then vendor and device in eight digits (drivers/pci/proc.c, unchanged since
 * Linux 2.6).
 */
@Component
class GuestCountsDevices implements NamedCondition {

    static final String NAME = "guest-counts-devices";
    static final String FILE = "/proc/bus/pci/devices";

    private static final Pattern LISTED = Pattern.compile("[0-9a-f:.]+ ([0-9a-f]{4}:[0-9a-f]{4})");
    private static final Pattern KERNEL = Pattern.compile("[0-9a-f]{4}\\s+([0-9a-f]{4})([0-9a-f]{4})\\s.*");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Judgement judge(Map<String, String> arguments, Answer answer) {
        if (!answer.succeeded()) {
            return Judgement.fails("the guest could not list its devices (" + answer.status() + " "
                    + answer.error().strip() + ")");
        }
        String text =
                answer.kind() == Answer.Kind.API ? answer.textAt("/content").orElse("") : answer.text();
        List<String> seen = text.lines()
                .map(l -> l.strip().toLowerCase(Locale.ROOT))
                .map(GuestCountsDevices::ids)
                .filter(ids -> !ids.isEmpty())
                .toList();
        if (seen.isEmpty()) {
            return Judgement.fails("the guest listed no device at all");
        }
        for (String count : arguments.getOrDefault("counts", "").strip().split("\\s+")) {
            String[] parts = count.split("=", 2);
            if (parts.length < 2 || !parts[1].matches("[0-9]{1,3}")) {
                return Judgement.unknown("the plan names no device");
            }
            int found = Collections.frequency(seen, parts[0]);
            if (found != Integer.parseInt(parts[1])) {
                return Judgement.fails("the guest sees %s %d times, not %s times".formatted(parts[0], found, parts[1]));
            }
        }
        return Judgement.holds("the guest sees " + arguments.get("counts"));
    }

    private static String ids(String line) {
        Matcher listed = LISTED.matcher(line);
        if (listed.matches()) {
            return listed.group(1);
        }
        Matcher kernel = KERNEL.matcher(line);
        return kernel.matches() ? kernel.group(1) + ":" + kernel.group(2) : "";
    }
}
