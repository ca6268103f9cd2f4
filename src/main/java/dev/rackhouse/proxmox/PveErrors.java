package dev.rackhouse.proxmox;

import dev.rackhouse.base.RemoteFailure;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The one place where an answer of 400 and more becomes a sentence (pve-api notes, section 5; texts observed on 9.2). The server's
 * own text is always shown; the pattern only decides the advice and whether the same call may succeed later.
 */
final class PveErrors {

    /** Bound for what is quoted of an answer. */
    static final int QUOTE = 2_000;

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> SECRETS = List.of("password", "cipassword", "secret", "key");

    private record Rule(Pattern text, String advice, boolean temporary) {
        static Rule lasting(String regex, String advice) {
            return new Rule(Pattern.compile(regex), advice, false);
        }

        static Rule passing(String regex, String advice) {
            return new Rule(Pattern.compile(regex), advice, true);
        }
    }

    private static final List<Rule> RULES = List.of(
            Rule.passing(
                    "got lock request timeout", "Another change in the cluster holds the lock; try again in a moment."),
            Rule.passing(
                    "can't lock file .*got timeout",
                    "Another task is working on this guest; wait for it and try again."),
            Rule.lasting(
                    "no quorum",
                    "The cluster has no majority, so nothing can be changed. Bring the missing nodes back."),
            Rule.lasting(
                    "is locked \\(",
                    "Another operation holds this guest. Wait until it ends; a lock left by a crash is removed on the node with qm unlock."),
            Rule.lasting(
                    "checksum mismatch|detected modified configuration",
                    "Somebody changed it since it was read. Read it again and decide anew."),
            Rule.lasting(
                    "only root can set|Only root may|only root@pam|user != root@pam",
                    "Proxmox allows this to root@pam only, never to a token. It has to be done on the node over SSH."),
            Rule.lasting("already exists on node|config file already exists|already defined", "Choose another id."),
            Rule.lasting(
                    "Configuration file '.*' does not exist",
                    "The guest is gone or has moved to another node. Read the inventory again."),
            Rule.lasting(
                    "hostname lookup '.*' failed", "No node of that name is in this cluster. Check the node's name."),
            Rule.lasting("storage '.*' does not exist", "Choose a storage that this node has."),
            Rule.lasting("storage '.*' is disabled", "Enable the storage in Proxmox, or choose another one."),
            Rule.lasting("storage '.*' is not available on node", "Choose a storage that this node has."),
            Rule.lasting("volume '.*' does not exist", "The volume is gone. Read the storage again."),
            Rule.lasting(
                    "mapping '.*' not found|PCI device mapping not found",
                    "The mapping is gone. Create it or choose another one."),
            Rule.lasting("is running - destroy failed", "Stop the guest first."),
            Rule.passing(
                    "QEMU guest agent is not running",
                    "The guest may still be starting; otherwise start qemu-guest-agent in it."),
            Rule.lasting("No QEMU guest agent configured", "Switch the guest agent on in the guest's options."),
            Rule.lasting("VM \\d+ (is )?not running", "Start the guest first."),
            Rule.passing(
                    "got no worker upid|start worker failed",
                    "Proxmox could not start the task. Look for a half-made guest with lock 'create' before trying again."),
            Rule.lasting("without --online", "The guest is running: migrate it online, or stop it first."));

    private PveErrors() {}

    /** An answer that is no success, as a failure to throw. */
    static RemoteFailure failure(
            String doing,
            String machine,
            PveMethod method,
            Map<String, ? extends List<String>> parameters,
            int status,
            String reason,
            String body) {
        String said = redacted(said(reason, body), parameters);
        if (status >= 595 && status <= 599) {
            return pseudo(doing, machine, method, status, said);
        }
        return new RemoteFailure.Refused(
                doing,
                machine,
                quoted(status, said),
                advice(status, said),
                status,
                RULES.stream().anyMatch(r -> r.temporary && r.text.matcher(said).find()));
    }

    private static RemoteFailure pseudo(String doing, String machine, PveMethod method, int status, String said) {
        if (status == 595) {
            return new RemoteFailure.Unreachable(
                    doing,
                    machine,
                    quoted(status, said),
                    said.contains("Connection refused")
                            ? "The management service of that node does not run: check pvedaemon there."
                            : "The node that was asked cannot connect to the node concerned: check that it is on and in the network.",
                    null);
        }
        return new RemoteFailure.TimedOut(
                doing,
                machine,
                quoted(status, said),
                method.changes()
                        ? "Whether it happened is not known: look before doing it again."
                        : "The node concerned did not answer in time, often because a storage hangs. Try again later.",
                null);
    }

    private static String quoted(int status, String said) {
        return said.isBlank() ? "status " + status + " without a text" : said + " (" + status + ")";
    }

    private static String advice(int status, String said) {
        for (Rule rule : RULES) {
            if (rule.text.matcher(said).find()) {
                return rule.advice;
            }
        }
        return switch (status) {
            case 400 -> "A value is not accepted by this version of Proxmox; correct what is named.";
            case 401 -> "The token is unknown, expired or its secret is wrong. Renew the token on the lab's page.";
            case 403 ->
                "The token or its user lacks a privilege. The test on the lab's page names it and prints the line that grants it.";
            case 301, 308 -> "This address speaks plain HTTP; Proxmox is reached by https, usually at port 8006.";
            case 404 -> "This does not look like a Proxmox API. Check address and port.";
            case 501 -> "This version of Proxmox does not know the call. Check the node's version.";
            default -> "The text is Proxmox's own; the node's system log may say more.";
        };
    }

    /** The message of the body, with the parameters' errors; before 8.4 there is none, then the reason phrase. */
    private static String said(String reason, String body) {
        String message = "";
        StringJoiner errors = new StringJoiner("; ");
        try {
            JsonNode json = body.isBlank() ? null : JSON.readTree(body);
            if (json != null && json.isObject()) {
                message = text(json.get("message"));
                JsonNode named = json.get("errors");
                if (named != null && named.isObject()) {
                    named.properties().forEach(e -> errors.add(e.getKey() + ": " + text(e.getValue())));
                }
            }
        } catch (JacksonException plainText) {
            message = reason.isBlank() ? body : "";
        }
        String head = message.isBlank() ? reason : message;
        return bounded(errors.length() == 0 ? head : head.replaceFirst("\\.?\\s*$", ": ") + errors);
    }

    private static String text(@Nullable JsonNode value) {
        String text = PveFields.textOf(value);
        return text == null ? "" : text;
    }

    /** One line, no control characters, at most {@link #QUOTE} characters. */
    static String bounded(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() <= QUOTE ? line : line.substring(0, QUOTE) + "...";
    }

    private static String redacted(String said, Map<String, ? extends List<String>> parameters) {
        String clean = said;
        for (var parameter : parameters.entrySet()) {
            String key = parameter.getKey().toLowerCase(Locale.ROOT);
            if (SECRETS.stream().anyMatch(key::endsWith)) {
                for (String value : parameter.getValue()) {
                    clean = value.isBlank() ? clean : clean.replace(value, "••••••");
                }
            }
        }
        return clean;
    }
}
