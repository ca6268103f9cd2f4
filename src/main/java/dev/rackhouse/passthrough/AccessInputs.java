package dev.rackhouse.passthrough;

import dev.rackhouse.passthrough.PassthroughDraft.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who may sign in to the guest, read from a draft. */
record AccessInputs(String user, List<String> sshKeys) {

    private static final String KEY =
            "(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh\\.com|sk-ecdsa-sha2-nistp256@openssh\\.com)"
                    + " [A-Za-z0-9+/]{40,2000}={0,3}( [\\p{Print}]{0,200})?";

    /** @return empty, after problems were added, when something is wrong */
    static Optional<AccessInputs> read(PassthroughDraft draft, Site site, Problems problems) {
        boolean user =
                draft.user().matches("[a-z_][a-z0-9_-]{0,31}") && !draft.user().equals("root");
        if (!user) {
            problems.add(
                    Field.USER,
                    draft.user().isBlank()
                            ? "Enter the user that cloud-init makes."
                            : "A user's name starts with a small letter and has small letters, digits and hyphens; it is not root.");
        }
        List<String> keys = new ArrayList<>();
        boolean good = true;
        for (String line : draft.sshKeys().lines().map(String::strip).toList()) {
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (!line.matches(KEY)) {
                problems.add(
                        Field.SSH_KEYS,
                        "\"" + Problems.shown(line) + "\" is no public key. One starts with ssh-ed25519 or ssh-rsa.");
                good = false;
                break;
            }
            keys.add(line);
        }
        String console = site.consoleKey();
        if (console != null && !keys.contains(console.strip())) {
            keys.addFirst(console.strip());
        }
        return user && good && !keys.isEmpty() ? Optional.of(new AccessInputs(draft.user(), keys)) : Optional.empty();
    }
}
