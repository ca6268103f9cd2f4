package dev.rackhouse.simulator.openid;

import java.util.Map;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.core.env.MapPropertySource;

/**
 * A running OpenID Connect provider on 127.0.0.1. It knows three people, viewer, operator and admin, whose password is
 * their name, and one client, the console. Redirects are accepted to loopback addresses only.
 *
 * <p>Must not share a JVM with the console: Vaadin replaces Spring Security's context holder for the whole JVM, and then
 * no sign-in succeeds here.
 */
public final class OpenIdProvider implements AutoCloseable {
    /** Client id under which the console is known. */
    public static final String CLIENT_ID = "rackhouse";

    private final AnnotationConfigServletWebServerApplicationContext context;
    private final String issuer;

    private OpenIdProvider(AnnotationConfigServletWebServerApplicationContext context, String issuer) {
        this.context = context;
        this.issuer = issuer;
    }

    /**
     * Starts a provider; blocks until it answers.
     *
     * @param port on 127.0.0.1, not 0: the issuer's address is part of every token
     * @param clientSecret the console's secret
     */
    public static OpenIdProvider start(int port, String clientSecret) {
        String issuer = "http://127.0.0.1:" + port;
        // a bare context: neither the console's application.yml nor its auto-configuration is read
        var context = new AnnotationConfigServletWebServerApplicationContext();
        Map<String, Object> settings = Map.of(
                "server.address",
                "127.0.0.1",
                "server.port",
                port,
                "server.servlet.session.cookie.name",
                "RACKHOUSE_OPENID",
                "server.servlet.session.cookie.same-site",
                "lax",
                "rackhouse.openid.issuer",
                issuer,
                "rackhouse.openid.client-secret",
                clientSecret);
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("openid", settings));
        context.register(OpenIdApplication.class);
        context.refresh();
        return new OpenIdProvider(context, issuer);
    }

    /** Issuer as it stands in discovery and tokens. */
    public String issuer() {
        return issuer;
    }

    @Override
    public void close() {
        context.close();
    }
}
