package dev.rackhouse.access.signin;

import dev.rackhouse.access.Role;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserRequest;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserService;
import org.springframework.security.oauth2.client.userinfo.OAuth2UserService;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.oidc.IdTokenClaimNames;
import org.springframework.security.oauth2.core.oidc.OidcUserInfo;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;

/** Turns what the provider says about a person into a role, at every sign-in; no role, no access. */
class ConsoleUsers implements OAuth2UserService<OidcUserRequest, OidcUser> {

    /** The provider knows the person, and no group of theirs gives a role here. */
    static final class NoRole extends OAuth2AuthenticationException {
        private final String name;
        private final List<String> groups;

        NoRole(String name, List<String> groups) {
            super(new OAuth2Error("no_role"), "no group gives a role");
            this.name = name;
            this.groups = groups;
        }

        String name() {
            return name;
        }

        List<String> groups() {
            return groups;
        }
    }

    private final OidcUserService provider = new OidcUserService();
    private final SignInSettings settings;
    private final RoleMapping mapping;

    ConsoleUsers(SignInSettings settings, RoleMapping mapping) {
        this.settings = settings;
        this.mapping = mapping;
    }

    @Override
    public OidcUser loadUser(OidcUserRequest request) throws OAuth2AuthenticationException {
        return admit(provider.loadUser(request));
    }

    OidcUser admit(OidcUser user) {
        List<String> groups = RoleMapping.names(user.getClaims().get(settings.groupsClaim()));
        String nameClaim = nameClaim(user);
        Optional<Role> role = mapping.role(groups);
        if (role.isEmpty()) {
            throw new NoRole(String.valueOf(user.getClaims().get(nameClaim)), groups);
        }
        @Nullable OidcUserInfo info = user.getUserInfo();
        return new ConsoleUser(
                role.get(),
                groups,
                user.getIdToken(),
                info == null ? new OidcUserInfo(user.getClaims()) : info,
                nameClaim);
    }

    private String nameClaim(OidcUser user) {
        Object name = user.getClaims().get(settings.nameClaim());
        return name instanceof String text && !text.isBlank() ? settings.nameClaim() : IdTokenClaimNames.SUB;
    }
}
