package dev.rackhouse.inventory.fact;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.PciAddress;
import dev.rackhouse.inventory.fact.ProbeReport.Complete;
import dev.rackhouse.inventory.fact.ProbeReport.Discarded;
import dev.rackhouse.inventory.fact.ProbeReport.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Splits a report into records, checks that all arrived, and hands them to {@link FactsBuilder}. */
final class ProbeParser {

    /** A host with 1000 functions and 500 guests prints less than 1 MB. */
    static final int MAX_CHARACTERS = 16_000_000;

    private static final String FORMAT = "1";

    private ProbeParser() {}

    static ProbeReport parse(String output) {
        if (output.length() > MAX_CHARACTERS) {
            return discarded(Reason.TOO_LARGE, "The probe printed more than " + MAX_CHARACTERS + " characters.");
        }
        if (output.isBlank()) {
            return discarded(Reason.EMPTY, "The probe printed nothing.");
        }
        FactsBuilder facts = new FactsBuilder();
        int records = 0;
        boolean begun = false;
        for (String line : output.split("\n", -1)) {
            String record = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
            String[] fields = record.split("\t", -1);
            if (!begun) {
                if (fields[0].equals("BEGIN")) {
                    if (fields.length < 2 || !fields[1].equals(FORMAT)) {
                        return discarded(
                                Reason.OTHER_FORMAT,
                                "The probe printed format " + (fields.length < 2 ? "(none)" : bounded(fields[1]))
                                        + ", format 1 is expected.");
                    }
                    begun = true;
                    records = 1;
                }
                continue;
            }
            if (fields[0].equals("END")) {
                String count = fields.length < 2 ? "" : fields[1];
                return count.equals(Integer.toString(records))
                        ? new Complete(facts.build())
                        : discarded(
                                Reason.COUNT_DIFFERS,
                                "The probe counted %s records, %d arrived.".formatted(bounded(count), records));
            }
            records++;
            facts.add(fields);
        }
        return begun
                ? discarded(
                        Reason.TRUNCATED,
                        "The probe's output breaks off after " + (records - 1) + " records, before its END record.")
                : discarded(Reason.NO_BEGIN, "This is no output of the probe: the BEGIN record is missing.");
    }

    private static ProbeReport discarded(Reason reason, String sentence) {
        return new Discarded(reason, sentence + " Nothing of it is used; the last facts stay.");
    }

    private static String bounded(String text) {
        String shown = text.length() > 20 ? text.substring(0, 20) + "…" : text;
        return "'" + shown + "'";
    }

    /** {@code key=value} fields from this index on. */
    static LinkedHashMap<String, String> attributes(String[] fields, int from) {
        LinkedHashMap<String, String> found = new LinkedHashMap<>();
        for (int i = from; i < fields.length; i++) {
            int equals = fields[i].indexOf('=');
            if (equals > 0) {
                found.put(fields[i].substring(0, equals), fields[i].substring(equals + 1));
            }
        }
        return found;
    }

    /** The PCI functions in a sysfs path, from the root port down. */
    static List<PciAddress> addressesIn(String path) {
        List<PciAddress> found = new ArrayList<>();
        for (String part : path.split("/")) {
            if (part.indexOf('.') > 0 && PciAddress.isAddress(part)) {
                found.add(PciAddress.parse(part));
            }
        }
        return found;
    }

    /** Reads a list of processors: {@code 0-2,24-26}. Bounded to 4096. */
    static List<Integer> cpuList(String text) {
        List<Integer> cpus = new ArrayList<>();
        for (String part : text.split(",")) {
            String[] ends = part.strip().split("-", 2);
            if (!ends[0].matches("[0-9]{1,5}") || ends.length > 1 && !ends[1].matches("[0-9]{1,5}")) {
                continue;
            }
            int first = Integer.parseInt(ends[0]);
            int last = ends.length > 1 ? Integer.parseInt(ends[1]) : first;
            for (int cpu = first; cpu <= last && cpus.size() < 4096; cpu++) {
                cpus.add(cpu);
            }
        }
        return cpus;
    }

    static long number(String text, long otherwise) {
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : otherwise;
    }

    static ByteSize kib(Map<String, String> attributes, String name) {
        long kib = number(attributes.getOrDefault(name, ""), 0);
        return new ByteSize(kib > Long.MAX_VALUE / 1024 ? 0 : kib * 1024);
    }
}
