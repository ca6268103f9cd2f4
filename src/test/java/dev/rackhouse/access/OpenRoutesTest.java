package dev.rackhouse.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.setup.SecurityMockMvcConfigurers.springSecurity;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import com.vaadin.flow.router.Route;
import com.vaadin.flow.server.auth.AnonymousAllowed;
import dev.rackhouse.testing.ConsoleTest;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** No route is open except the sign-in page, health and static files. */
@ConsoleTest
class OpenRoutesTest {

    @Autowired
    private WebApplicationContext context;

    @Test
    void onlyTheSignInPageIsForEverybodyAndEveryOtherPageSaysForWhom() throws Exception {
        Set<String> open = new TreeSet<>();
        List<Class<?>> views = views();
        for (Class<?> view : views) {
            if (view.isAnnotationPresent(AnonymousAllowed.class)) {
                open.add(view.getAnnotation(Route.class).value());
            } else {
                assertThat(view.isAnnotationPresent(RolesAllowed.class) || view.isAnnotationPresent(PermitAll.class))
                        .as(view.getName())
                        .isTrue();
            }
        }

        assertThat(views).hasSizeGreaterThan(3);
        assertThat(open).containsExactly("login");
    }

    @Test
    void whoIsNotSignedInIsSentToTheSignInPageFromEveryAddress() throws Exception {
        MockMvc console = MockMvcBuilders.webAppContextSetup(context)
                .apply(springSecurity())
                .build();
        List<String> addresses =
                new ArrayList<>(List.of("/", "/nothing/here", "/error", "/runs/1", "/api/x", "/logout", "/index.html"));
        for (Class<?> view : views()) {
            if (!view.isAnnotationPresent(AnonymousAllowed.class)) {
                addresses.add(
                        "/" + view.getAnnotation(Route.class).value().replaceAll(":\\w+[?*]?(\\([^)]*\\))?", "1"));
            }
        }
        context.getBeansOfType(RequestMappingHandlerMapping.class)
                .values()
                .forEach(mapping -> mapping.getHandlerMethods()
                        .keySet()
                        .forEach(info -> info.getPatternValues().forEach(addresses::add)));

        for (String address : addresses) {
            MockHttpServletResponse answer = console.perform(get(java.net.URI.create(address.replaceAll("[{}*]", "x"))))
                    .andReturn()
                    .getResponse();
            assertThat(answer.getStatus()).as(address).isEqualTo(302);
            assertThat(answer.getRedirectedUrl()).as(address).endsWith("/login");
        }
    }

    @Test
    void healthSaysUpOrDownAndNothingElseIsServedBesideIt() throws Exception {
        MockMvc console = MockMvcBuilders.webAppContextSetup(context)
                .apply(springSecurity())
                .build();

        MockHttpServletResponse health =
                console.perform(get("/actuator/health")).andReturn().getResponse();
        assertThat(health.getContentAsString()).matches("\\{(\"groups\":\\[[^\\]]*\\],)?\"status\":\"UP\"\\}");
        for (String address : List.of("/actuator", "/actuator/env", "/actuator/health/db", "/actuator/heapdump")) {
            assertThat(console.perform(get(address)).andReturn().getResponse().getStatus())
                    .as(address)
                    .isIn(401, 403);
        }
    }

    private static List<Class<?>> views() throws ClassNotFoundException {
        var scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(Route.class));
        List<Class<?>> views = new ArrayList<>();
        for (var found : scanner.findCandidateComponents("dev.rackhouse")) {
            views.add(Class.forName(found.getBeanClassName(), false, OpenRoutesTest.class.getClassLoader()));
        }
        return views;
    }
}
