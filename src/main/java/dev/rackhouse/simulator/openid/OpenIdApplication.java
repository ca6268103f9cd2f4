package dev.rackhouse.simulator.openid;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.util.Objects;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configuration.OAuth2AuthorizationServerConfiguration;
import org.springframework.security.config.annotation.web.configurers.oauth2.server.authorization.OAuth2AuthorizationServerConfigurer;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.oidc.OidcScopes;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationContext;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationException;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationValidator;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.oidc.authentication.OidcLogoutAuthenticationContext;
import org.springframework.security.oauth2.server.authorization.oidc.authentication.OidcLogoutAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.oidc.authentication.OidcLogoutAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.oidc.web.authentication.OidcLogoutAuthenticationSuccessHandler;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.authentication.logout.CompositeLogoutHandler;
import org.springframework.security.web.authentication.logout.SecurityContextLogoutHandler;
import org.springframework.security.web.util.matcher.MediaTypeRequestMatcher;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * The provider's beans. Deliberately no {@code @Configuration}: the console's component scan must not find it. The list
 * of auto-configurations is picked by hand, since the full one would start Vaadin, JPA and Flyway here.
 */
@EnableWebSecurity
@ImportAutoConfiguration({
    TomcatServletWebServerAutoConfiguration.class,
    DispatcherServletAutoConfiguration.class,
    WebMvcAutoConfiguration.class,
    HttpMessageConvertersAutoConfiguration.class,
    JacksonAutoConfiguration.class,
    SecurityFilterAutoConfiguration.class
})
class OpenIdApplication {

    @Bean
    @Order(1)
    SecurityFilterChain protocol(HttpSecurity http, BackChannelLogout backChannel) throws Exception {
        OAuth2AuthorizationServerConfigurer server = new OAuth2AuthorizationServerConfigurer();
        http.securityMatcher(server.getEndpointsMatcher())
                .with(
                        server,
                        configured -> configured
                                .authorizationEndpoint(endpoint ->
                                        endpoint.authenticationProviders(providers -> providers.forEach(provider -> {
                                            if (provider
                                                    instanceof
                                                    OAuth2AuthorizationCodeRequestAuthenticationProvider code) {
                                                code.setAuthenticationValidator(OpenIdApplication::loopbackRedirect);
                                            }
                                        })))
                                .oidc(oidc -> oidc.providerConfigurationEndpoint(
                                                discovery -> discovery.providerConfigurationCustomizer(
                                                        metadata -> metadata.claim("backchannel_logout_supported", true)
                                                                .claim("backchannel_logout_session_supported", true)
                                                                .scope("profile")
                                                                .scope("email")
                                                                .scope("groups")))
                                        .logoutEndpoint(endpoint -> {
                                            OidcLogoutAuthenticationSuccessHandler done =
                                                    new OidcLogoutAuthenticationSuccessHandler();
                                            done.setLogoutHandler(new CompositeLogoutHandler(
                                                    backChannel, new SecurityContextLogoutHandler()));
                                            endpoint.logoutResponseHandler(done)
                                                    .authenticationProviders(providers ->
                                                            providers.forEach(provider -> {
                                                                if (provider
                                                                        instanceof
                                                                        OidcLogoutAuthenticationProvider logout) {
                                                                    logout.setAuthenticationValidator(
                                                                            OpenIdApplication::loopbackReturn);
                                                                }
                                                            }));
                                        })))
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .exceptionHandling(handling -> handling.defaultAuthenticationEntryPointFor(
                        new LoginUrlAuthenticationEntryPoint("/login"),
                        new MediaTypeRequestMatcher(MediaType.TEXT_HTML)));
        return http.build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain pages(HttpSecurity http, BackChannelLogout backChannel) throws Exception {
        http.authorizeHttpRequests(requests -> requests.requestMatchers("/login", "/health")
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .formLogin(form -> form.loginPage("/login"))
                .logout(logout -> logout.addLogoutHandler(backChannel).logoutSuccessUrl("/login?ended"));
        return http.build();
    }

    @Bean
    RouterFunction<ServerResponse> pagesRouter() {
        return SignInPages.routes();
    }

    @Bean
    UserDetailsService users() {
        return SampleUsers.service();
    }

    @Bean
    RegisteredClientRepository clients(@Value("${rackhouse.openid.client-secret}") String secret) {
        return new InMemoryRegisteredClientRepository(RegisteredClient.withId("console")
                .clientId(OpenIdProvider.CLIENT_ID)
                .clientSecret("{noop}" + secret)
                .clientName("Rackhouse")
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_POST)
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .authorizationGrantType(AuthorizationGrantType.REFRESH_TOKEN)
                .redirectUri("http://127.0.0.1/login/oauth2/code/rackhouse")
                .scope(OidcScopes.OPENID)
                .scope(OidcScopes.PROFILE)
                .scope(OidcScopes.EMAIL)
                .scope("groups")
                .clientSettings(ClientSettings.builder()
                        .requireProofKey(true)
                        .requireAuthorizationConsent(false)
                        .build())
                .build());
    }

    @Bean
    AuthorizationServerSettings settings(@Value("${rackhouse.openid.issuer}") String issuer) {
        return AuthorizationServerSettings.builder().issuer(issuer).build();
    }

    @Bean
    JWKSource<SecurityContext> keys() throws NoSuchAlgorithmException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        RSAKey key = new RSAKey.Builder((RSAPublicKey) pair.getPublic())
                .privateKey(pair.getPrivate())
                .keyID(UUID.randomUUID().toString())
                .build();
        return new ImmutableJWKSet<>(new JWKSet(key));
    }

    @Bean
    JwtDecoder decoder(JWKSource<SecurityContext> keys) {
        return OAuth2AuthorizationServerConfiguration.jwtDecoder(keys);
    }

    @Bean
    JwtEncoder encoder(JWKSource<SecurityContext> keys) {
        return new NimbusJwtEncoder(keys);
    }

    @Bean
    BackChannelLogout backChannel(JwtEncoder encoder, @Value("${rackhouse.openid.issuer}") String issuer) {
        return new BackChannelLogout(encoder, issuer);
    }

    @Bean
    OAuth2TokenCustomizer<JwtEncodingContext> claims(BackChannelLogout backChannel) {
        return context -> {
            String name = Objects.requireNonNull(context.<Authentication>getPrincipal())
                    .getName();
            context.getClaims()
                    .claim("preferred_username", name)
                    .claim("name", SampleUsers.fullName(name))
                    .claim("email", name + "@rackhouse.example")
                    .claim("groups", SampleUsers.groups(name));
            backChannel.remember(context);
        };
    }

    /** The demo's console may listen on any port and below any path, but only on this machine. */
    private static void loopbackRedirect(OAuth2AuthorizationCodeRequestAuthenticationContext context) {
        OAuth2AuthorizationCodeRequestAuthenticationToken request = context.getAuthentication();
        String redirect = request.getRedirectUri();
        if (redirect == null || !onLoopback(redirect) || !redirect.contains("/login/oauth2/code/")) {
            // no request in the exception: else the answer would be a redirect to that very address
            throw new OAuth2AuthorizationCodeRequestAuthenticationException(
                    new OAuth2Error(
                            "invalid_request",
                            "The demo's provider redirects to this machine only, not to " + redirect,
                            null),
                    null);
        }
        OAuth2AuthorizationCodeRequestAuthenticationValidator.DEFAULT_SCOPE_VALIDATOR.accept(context);
    }

    private static void loopbackReturn(OidcLogoutAuthenticationContext context) {
        OidcLogoutAuthenticationToken request = context.getAuthentication();
        String target = request.getPostLogoutRedirectUri();
        if (target != null && !target.isEmpty() && !onLoopback(target)) {
            throw new OAuth2AuthenticationException("invalid_request");
        }
    }

    private static boolean onLoopback(String address) {
        try {
            String host = URI.create(address).getHost();
            return "localhost".equals(host) || "127.0.0.1".equals(host) || "[::1]".equals(host);
        } catch (IllegalArgumentException notAnAddress) {
            return false;
        }
    }
}
