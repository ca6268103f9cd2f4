package dev.rackhouse.simulator.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compares one answer with the one that was seen; collects the reason for a verdict below exact. */
final class Comparison {
    private static final Set<String> BORN = Set.of(
            "pid",
            "pstart",
            "starttime",
            "endtime",
            "time",
            "snaptime",
            "uptime",
            "idle_time_ns",
            "last_update",
            "ticket",
            "CSRFPreventionToken",
            "value");
    private static final List<String> IDENTITIES = List.of(
            "id", "upid", "volid", "vmid", "key", "name", "iface", "userid", "roleid", "poolid", "storage", "tokenid",
            "n", "time");
    private static final Set<String> SETS = Set.of("content");
    private static final String JOB = "INFO: starting new backup job: ";
    private static final Set<String> TEXTS = Set.of("exitstatus", "message");

    private final Bindings bindings;
    private final boolean cut;
    private Verdict verdict = Verdict.EXACT;
    private String reason = "";

    Comparison(Bindings bindings, boolean cut) {
        this.bindings = bindings;
        this.cut = cut;
    }

    Verdict verdict() {
        return verdict;
    }

    String reason() {
        return reason;
    }

    void worse(Verdict found, String why) {
        if (found.compareTo(verdict) > 0) {
            verdict = found;
            reason = why;
        }
    }

    /** Bodies as a whole. */
    void bodies(@Nullable JsonNode seen, @Nullable JsonNode here) {
        node("", "", seen, here);
    }

    private static boolean empty(@Nullable JsonNode node) {
        return node == null || node.isNull();
    }

    private void node(String at, String key, @Nullable JsonNode seen, @Nullable JsonNode here) {
        if (empty(seen) || empty(here) || seen == null || here == null) {
            if (empty(seen) != empty(here)) {
                worse(Verdict.DEVIATING, at + ": " + seen + " was seen, here " + shortened(here));
            }
            return;
        }
        if (!kind(seen).equals(kind(here))) {
            worse(Verdict.DEVIATING, at + ": " + kind(seen) + " was seen, here " + kind(here) + " " + shortened(here));
        } else if (seen.isObject()) {
            object(at, seen, here);
        } else if (seen.isArray()) {
            array(at, seen, here);
        } else if (seen.isString()) {
            text(at, key, seen.asString(), here.asString());
        } else if (!BORN.contains(key) && !seen.equals(here) && seen.asDouble() != here.asDouble()) {
            worse(Verdict.SHAPE, at + ": " + seen + " was seen, here " + here);
        }
    }

    private static String kind(JsonNode node) {
        return node.isObject()
                ? "object"
                : node.isArray() ? "list" : node.isString() ? "text" : node.isBoolean() ? "truth" : "number";
    }

    private static String shortened(@Nullable JsonNode node) {
        String text = String.valueOf(node);
        return text.length() > 160 ? text.substring(0, 160) + "..." : text;
    }

    private void object(String at, JsonNode seen, JsonNode here) {
        Set<String> missing = new TreeSet<>();
        Set<String> more = new TreeSet<>();
        seen.propertyNames().forEach(name -> {
            if (here.has(name)) {
                node(at + "/" + name, name, seen.get(name), here.get(name));
            } else {
                missing.add(name);
            }
        });
        here.propertyNames().forEach(name -> {
            if (!seen.has(name)) {
                more.add(name);
            }
        });
        if (!missing.isEmpty() || !more.isEmpty()) {
            worse(
                    Verdict.DEVIATING,
                    at + ":" + (missing.isEmpty() ? "" : " missing " + missing)
                            + (more.isEmpty() ? "" : " more " + more));
        }
    }

    private void array(String at, JsonNode seen, JsonNode here) {
        if (seen.isEmpty() != here.isEmpty()) {
            worse(Verdict.DEVIATING, at + ": " + seen.size() + " entries were seen, here " + here.size());
            return;
        }
        if (seen.isEmpty()) {
            return;
        }
        String identity = identity(seen);
        Set<String> used = new HashSet<>();
        for (JsonNode entry : seen) {
            JsonNode partner =
                    identity == null ? same(entry, here, used) : find(here, identity, entry.get(identity), seen, entry);
            if (partner == null) {
                unmatched(at, entry, here);
            } else if ("time".equals(identity) && !keys(entry).equals(keys(partner)) && known(partner, seen)) {
                worse(Verdict.SHAPE, at + ": other points without data");
            } else {
                node(at + "[" + (identity == null ? "" : entry.get(identity)) + "]", "", entry, partner);
            }
        }
        if (!cut && seen.size() != here.size()) {
            worse(Verdict.SHAPE, at + ": " + seen.size() + " entries were seen, here " + here.size());
            for (JsonNode entry : here) {
                if (entry.isObject()) {
                    keysFit(at, entry, seen);
                }
            }
        }
    }

    private static Set<String> keys(JsonNode entry) {
        return new HashSet<>(entry.propertyNames());
    }

    /** In a series points without data have only their time; which ones depends on when watching began. */
    private static boolean known(JsonNode entry, JsonNode seen) {
        for (JsonNode other : seen) {
            if (keys(other).equals(keys(entry))) {
                return true;
            }
        }
        return false;
    }

    /** An entry that was not seen must look like one that was. */
    private void keysFit(String at, JsonNode entry, JsonNode seen) {
        Set<String> own = new HashSet<>(entry.propertyNames());
        for (JsonNode known : seen) {
            Set<String> keys = new HashSet<>(known.propertyNames());
            if (keys.containsAll(own) || own.containsAll(keys) && known.size() > 1) {
                return;
            }
        }
        worse(Verdict.DEVIATING, at + ": no entry like " + shortened(entry) + " was seen");
    }

    private void unmatched(String at, JsonNode entry, JsonNode here) {
        if (!entry.isObject()) {
            worse(Verdict.SHAPE, at + ": " + shortened(entry) + " was seen, not here");
            return;
        }
        Set<String> wanted = new HashSet<>(entry.propertyNames());
        for (JsonNode other : here) {
            if (new HashSet<>(other.propertyNames()).equals(wanted)) {
                worse(Verdict.SHAPE, at + ": another entry than " + shortened(entry));
                return;
            }
        }
        worse(Verdict.DEVIATING, at + ": no entry like " + shortened(entry));
    }

    private static @Nullable String identity(JsonNode list) {
        for (String key : IDENTITIES) {
            boolean all = true;
            for (JsonNode entry : list) {
                all &= entry.isObject() && entry.has(key);
            }
            if (all) {
                return key;
            }
        }
        return null;
    }

    private @Nullable JsonNode find(JsonNode list, String identity, JsonNode wanted, JsonNode seen, JsonNode entry) {
        for (JsonNode other : list) {
            JsonNode value = other.get(identity);
            if (value != null
                    && (value.equals(wanted)
                            || value.isString()
                                    && wanted.isString()
                                    && bindings.here(wanted.asString()).equals(value.asString()))) {
                return other;
            }
        }
        if (identity.equals("time") || identity.equals("upid")) {
            int index = 0;
            for (JsonNode other : seen) {
                if (other == entry) {
                    return index < list.size() ? list.get(index) : null;
                }
                index++;
            }
        }
        return null;
    }

    private @Nullable JsonNode same(JsonNode entry, JsonNode list, Set<String> used) {
        int index = 0;
        for (JsonNode other : list) {
            if (!used.contains(Integer.toString(index))
                    && (other.equals(entry)
                            || other.isString()
                                    && entry.isString()
                                    && bindings.same(entry.asString(), other.asString()))) {
                used.add(Integer.toString(index));
                return other;
            }
            index++;
        }
        index = 0;
        for (JsonNode other : list) {
            if (!used.contains(Integer.toString(index)) && other.isObject() == entry.isObject()) {
                used.add(Integer.toString(index));
                return other;
            }
            index++;
        }
        return null;
    }

    private void text(String at, String key, String seen, String here) {
        if (BORN.contains(key) || bindings.same(seen, here)) {
            return;
        }
        if (SETS.contains(key) && parts(seen).equals(parts(here))) {
            return;
        }
        if (seen.startsWith(JOB) && words(seen).equals(words(here))) {
            return;
        }
        boolean strict =
                TEXTS.contains(key) || at.startsWith("/errors/") || key.equals("t") && seen.startsWith("TASK ");
        if (strict && lines(seen).equals(lines(here))) {
            return;
        }
        worse(
                strict ? Verdict.DEVIATING : Verdict.SHAPE,
                at + ": '" + cutOff(seen) + "' was seen, here '" + cutOff(here) + "'");
    }

    /** The options of a job are printed in random order. */
    private static Set<String> words(String text) {
        return new TreeSet<>(List.of(text.split(" --")));
    }

    private static Set<String> parts(String text) {
        return new TreeSet<>(List.of(text.split(",")));
    }

    /** Several texts inside one come in random order. */
    static List<String> lines(String text) {
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        lines.sort(String::compareTo);
        return lines;
    }

    private static String cutOff(String text) {
        return text.length() > 140 ? text.substring(0, 140) + "..." : text;
    }
}
