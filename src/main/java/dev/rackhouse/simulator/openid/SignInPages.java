package dev.rackhouse.simulator.openid;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Objects;
import org.springframework.http.MediaType;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;
import org.springframework.web.util.HtmlUtils;

/** The provider's two pages: sign in, and "you are signed in" with a button that ends the session everywhere. */
final class SignInPages {
    private SignInPages() {}

    static RouterFunction<ServerResponse> routes() {
        return RouterFunctions.route()
                .GET("/login", SignInPages::signIn)
                .GET("/", SignInPages::signedIn)
                .GET("/health", request -> ServerResponse.ok().body("ok"))
                .build();
    }

    private static ServerResponse signIn(ServerRequest request) {
        String notice = request.param("error").isPresent()
                ? "<p class=\"notice bad\" role=\"alert\">That name and password do not belong together.</p>"
                : request.param("ended").isPresent()
                        ? "<p class=\"notice\">The session has ended, here and at the console.</p>"
                        : "";
        return page(request, "sign-in.html", "{{notice}}", notice);
    }

    private static ServerResponse signedIn(ServerRequest request) {
        String name = request.principal().map(Principal::getName).orElse("");
        return page(
                request,
                "signed-in.html",
                "{{name}}",
                HtmlUtils.htmlEscape(SampleUsers.fullName(name) + " (" + name + ")"));
    }

    private static ServerResponse page(ServerRequest request, String file, String placeholder, String html) {
        CsrfToken token =
                (CsrfToken) Objects.requireNonNull(request.servletRequest().getAttribute(CsrfToken.class.getName()));
        String page = template(file)
                .replace("{{style}}", template("style.css"))
                .replace("{{csrfName}}", token.getParameterName())
                .replace("{{csrfValue}}", token.getToken())
                .replace(placeholder, html);
        return ServerResponse.ok()
                .contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
                .header("Cache-Control", "no-store")
                .body(page);
    }

    private static String template(String file) {
        try (InputStream in = Objects.requireNonNull(SignInPages.class.getResourceAsStream(file), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
