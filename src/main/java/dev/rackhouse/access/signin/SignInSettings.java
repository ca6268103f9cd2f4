package dev.rackhouse.access.signin;

import dev.rackhouse.access.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings {@code rackhouse.sign-in.*}; in the environment {@code RACKHOUSE_SIGN_IN_*}.
 *
 * @param issuer of the OpenID Connect provider, letter for letter as it calls itself (authentik's ends in a slash)
 * @param clientId as registered there
 * @param clientSecret as registered there
 * @param clientSecretFile a file that holds the secret, instead of the secret itself
 * @param providerName as shown on the button
 * @param scopes asked for; authentik sends the groups with {@code profile}
 * @param nameClaim what the person is called here
 * @param groupsClaim where the names of the person's groups are
 * @param viewerGroups whose members may look
 * @param operatorGroups whose members may act
 * @param adminGroups whose members may do everything
 * @param authorityFile PEM file of certificate authorities to trust besides the public ones when talking to the provider
 * @param emergency the user for when the provider is down; off unless a password hash is set
 */
@ConfigurationProperties("rackhouse.sign-in")
public record SignInSettings(
        @DefaultValue("") String issuer,
        @DefaultValue("") String clientId,
        @DefaultValue("") String clientSecret,
        @DefaultValue("") String clientSecretFile,
        @DefaultValue("the identity provider") String providerName,
        @DefaultValue({"openid", "profile", "email"}) Set<String> scopes,
        @DefaultValue("preferred_username") String nameClaim,
        @DefaultValue("groups") String groupsClaim,
        @DefaultValue("rackhouse-viewers") Set<String> viewerGroups,
        @DefaultValue("rackhouse-operators") Set<String> operatorGroups,
        @DefaultValue("rackhouse-admins") Set<String> adminGroups,
        @DefaultValue("") String authorityFile,
        @DefaultValue Emergency emergency) {

    /**
     * @param user the name
     * @param passwordHash {@code {bcrypt}...} or {@code {argon2}...}; a hash that starts with {@code $2} or {@code $argon2} may go
     *     without the prefix; empty: there is no such user
     */
    public record Emergency(
            @DefaultValue("emergency") String user,
            @DefaultValue("") String passwordHash) {

        public boolean enabled() {
            return !passwordHash.isBlank();
        }

        @Override
        public String toString() {
            return "Emergency[user=" + user + ", enabled=" + enabled() + "]";
        }
    }

    /** The groups that give a role, by role. */
    public Map<Role, Set<String>> groupsByRole() {
        Map<Role, Set<String>> groups = new LinkedHashMap<>();
        groups.put(Role.VIEWER, viewerGroups);
        groups.put(Role.OPERATOR, operatorGroups);
        groups.put(Role.ADMIN, adminGroups);
        return groups;
    }

    /** The settings without which nobody could sign in, by name; empty when all are there. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        if (issuer.isBlank()) {
            missing.add("rackhouse.sign-in.issuer (RACKHOUSE_SIGN_IN_ISSUER)");
        }
        if (clientId.isBlank()) {
            missing.add("rackhouse.sign-in.client-id (RACKHOUSE_SIGN_IN_CLIENT_ID)");
        }
        if (clientSecret.isBlank() && clientSecretFile.isBlank()) {
            missing.add(
                    "rackhouse.sign-in.client-secret (RACKHOUSE_SIGN_IN_CLIENT_SECRET, or RACKHOUSE_SIGN_IN_CLIENT_SECRET_FILE)");
        }
        return missing;
    }

    @Override
    public String toString() {
        return "SignInSettings[issuer=" + issuer + ", clientId=" + clientId + "]";
    }
}
