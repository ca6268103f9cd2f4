package dev.rackhouse.simulator.conformance;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values that are born at run time: what was seen, and what stands for it here. Bound on first sight. */
final class Bindings {
    static final Pattern UPID =
            Pattern.compile("UPID:[^:\\s]+:[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:[^:\\s]+:[^:\\s]*:[^:\\s]+:");
    private static final Pattern BORN = Pattern.compile(UPID.pattern()
            + "|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
            + "|\\b[0-9a-f]{40}\\b"
            + "|\\bBC:24:11:[0-9A-F]{2}:[0-9A-F]{2}:[0-9A-F]{2}\\b"
            + "|ctime=\\d{10}"
            + "|vzdumptmp\\d+"
            + "|PVE:[^:\\s]+:[0-9A-F]{8}::\\S+"
            + "|\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2}(\\.\\d+)?");

    private final Map<String, String> known = new HashMap<>();

    /** Whether two texts are the same when values born at run time stand for each other. */
    boolean same(String seen, String here) {
        if (seen.equals(here)) {
            return true;
        }
        Matcher a = BORN.matcher(seen);
        Matcher b = BORN.matcher(here);
        if (!a.replaceAll("\u0001").equals(b.replaceAll("\u0001"))) {
            return false;
        }
        a.reset();
        b.reset();
        while (a.find() && b.find()) {
            boolean upid = a.group().startsWith("UPID:");
            String bound = known.putIfAbsent(a.group(), b.group());
            if (upid && bound != null && !bound.equals(b.group())) {
                return false;
            }
        }
        return true;
    }

    /** The seen text with everything replaced that stands for something here. */
    String here(String seen) {
        Matcher m = UPID.matcher(seen);
        return m.replaceAll(found -> Matcher.quoteReplacement(known.getOrDefault(found.group(), found.group())));
    }
}
