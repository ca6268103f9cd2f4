package dev.rackhouse.access.ui;

/** The addresses of this capability's pages. */
final class AccessRoutes {

    static final String SIGN_IN = "login";
    static final String MY_ACCESS = "my-access";
    static final String AUDIT = "audit";

    /** Where Spring Security sends the browser on to the provider. */
    static final String TO_PROVIDER = "oauth2/authorization/rackhouse";

    /** Where the emergency form goes. */
    static final String EMERGENCY = "login/emergency";

    private AccessRoutes() {}
}
