package dev.rackhouse.access.signin;

import com.vaadin.flow.spring.security.VaadinSecurityConfigurer;
import dev.rackhouse.access.JdbcAudit;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.authorization.AuthorizationEventPublisher;
import org.springframework.security.authorization.SpringAuthorizationEventPublisher;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.oidc.session.InMemoryOidcSessionRegistry;
import org.springframework.security.oauth2.client.oidc.session.OidcSessionRegistry;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestRedirectFilter;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.security.web.header.writers.CacheControlHeadersWriter;
import org.springframework.security.web.header.writers.DelegatingRequestMatcherHeaderWriter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.session.HttpSessionEventPublisher;
import org.springframework.security.web.util.matcher.NegatedRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.client.RestClient;

/** Which requests are let through, and how people sign in and out. Views and services carry their own {@code @RolesAllowed}. */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
@EnableMethodSecurity(jsr250Enabled = true)
@EnableConfigurationProperties(SignInSettings.class)
class SecurityConfiguration {

    /**
     * Vaadin 25.2 starts its client with an inline script and evaluates expressions that the server sends ("Content Security
     * Policy" in its documentation), so script-src cannot be strict; everything else comes from the console itself.
     */
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
                    + "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
                    + "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    /** Files that browsers may keep. */
    private static final List<String> STATIC = List.of("/ui/**", "/webjars/**", "/VAADIN/build/**", "/lumo/**");

    private static RequestMatcher path(String pattern) {
        return PathPatternRequestMatcher.pathPattern(pattern);
    }

    @Bean
    Provider provider(SignInSettings settings, ObjectProvider<Clock> clock) {
        return new Provider(settings, clock.getIfUnique(Clock::systemUTC));
    }

    @Bean
    RoleMapping roleMapping(SignInSettings settings) {
        return new RoleMapping(settings.groupsByRole());
    }

    @Bean
    SignInRecord signInRecord(JdbcAudit audit, SignInSettings settings) {
        return new SignInRecord(audit, settings);
    }

    @Bean
    OidcSessionRegistry oidcSessionRegistry() {
        return new InMemoryOidcSessionRegistry();
    }

    @Bean
    HttpSessionEventPublisher httpSessionEventPublisher() {
        return new HttpSessionEventPublisher();
    }

    @Bean
    AuthorizationEventPublisher authorizationEventPublisher(ApplicationEventPublisher events) {
        return new SpringAuthorizationEventPublisher(events);
    }

    /** Health says up or down to everybody (the container engine, the proxy); nothing else is served below /actuator. */
    @Bean
    @Order(1)
    SecurityFilterChain actuator(HttpSecurity http) throws Exception {
        return http.securityMatcher("/actuator/**")
                .authorizeHttpRequests(requests -> requests.requestMatchers(
                                "/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness")
                        .permitAll()
                        .anyRequest()
                        .denyAll())
                .csrf(csrf -> csrf.disable())
                .requestCache(cache -> cache.disable())
                .build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain console(
            HttpSecurity http,
            SignInSettings settings,
            RoleMapping mapping,
            SignInRecord record,
            OidcSessionRegistry signedIn,
            OpenSessions sessions,
            JdbcAudit audit,
            ObjectProvider<Clock> clock)
            throws Exception {
        http.authorizeHttpRequests(
                requests -> requests.requestMatchers("/ui/**", "/webjars/**").permitAll());
        http.headers(headers -> headers.contentSecurityPolicy(csp -> csp.policyDirectives(CONTENT_SECURITY_POLICY))
                .referrerPolicy(referrer -> referrer.policy(ReferrerPolicyHeaderWriter.ReferrerPolicy.SAME_ORIGIN))
                .permissionsPolicyHeader(permissions ->
                        permissions.policy("camera=(), microphone=(), geolocation=(), payment=(), usb=()"))
                .frameOptions(frames -> frames.deny())
                .cacheControl(cache -> cache.disable())
                .addHeaderWriter(new DelegatingRequestMatcherHeaderWriter(
                        new NegatedRequestMatcher(new OrRequestMatcher(
                                STATIC.stream().map(SecurityConfiguration::path).toList())),
                        new CacheControlHeadersWriter()))
                .withObjectPostProcessor(new ObjectPostProcessor<HeaderWriterFilter>() {
                    @Override
                    public <F extends HeaderWriterFilter> F postProcess(F filter) {
                        // Vaadin's pages are committed past the wrapper that would add the headers at the last moment
                        filter.setShouldWriteHeadersEagerly(true);
                        return filter;
                    }
                }));
        http.with(
                VaadinSecurityConfigurer.vaadin(),
                vaadin -> vaadin.oauth2LoginPage("/login", "{baseUrl}/")
                        // unknown addresses reach the "not found" page of whoever is signed in
                        .anyRequest(requests -> requests.authenticated())
                        .addLogoutHandler(record));
        http.oauth2Login(login -> login.failureHandler(record)
                .userInfoEndpoint(user -> user.oidcUserService(new ConsoleUsers(settings, mapping)))
                .tokenEndpoint(token -> token.accessTokenResponseClient(tokenClient()))
                .withObjectPostProcessor(new ObjectPostProcessor<OAuth2AuthorizationRequestRedirectFilter>() {
                    @Override
                    public <F extends OAuth2AuthorizationRequestRedirectFilter> F postProcess(F filter) {
                        filter.setAuthenticationFailureHandler(record);
                        return filter;
                    }
                }));
        http.oidcLogout(logout -> logout.oidcSessionRegistry(signedIn)
                .backChannel(channel -> channel.logoutHandler(new BackChannelLogout(signedIn, sessions, audit))));
        if (settings.emergency().enabled()) {
            http.authenticationProvider(new EmergencyUser(settings.emergency(), clock.getIfUnique(Clock::systemUTC)))
                    .formLogin(form -> form.loginPage("/login")
                            .loginProcessingUrl("/login/emergency")
                            .failureHandler(record));
        }
        return http.build();
    }

    /** As Spring Security's own, but it does not wait for ever. */
    private static RestClientAuthorizationCodeTokenResponseClient tokenClient() {
        var requests = ClientHttpRequestFactoryBuilder.jdk()
                .build(HttpClientSettings.defaults().withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(10)));
        var client = new RestClientAuthorizationCodeTokenResponseClient();
        client.setRestClient(RestClient.builder()
                .requestFactory(requests)
                .configureMessageConverters(converters -> converters
                        .addCustomConverter(new FormHttpMessageConverter())
                        .addCustomConverter(new OAuth2AccessTokenResponseHttpMessageConverter()))
                .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
                .build());
        return client;
    }
}
