package dev.rackhouse.access.signin;

import dev.rackhouse.base.StartRefused;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Refuses the start before anything else happens when nobody could sign in. */
@Component
class SignInCheck implements BeanFactoryPostProcessor, EnvironmentAware {

    @SuppressWarnings("NullAway.Init") // Spring calls the setter before anything else
    private Environment environment;

    @Override
    public void setEnvironment(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory factory) {
        SignInSettings settings = Binder.get(environment).bindOrCreate("rackhouse.sign-in", SignInSettings.class);
        check(settings);
        if (!settings.authorityFile().isBlank()) {
            trust(Path.of(settings.authorityFile()));
        }
    }

    static void check(SignInSettings settings) {
        List<String> missing = settings.missing();
        if (!missing.isEmpty()) {
            throw new StartRefused(
                    "Nobody could sign in: " + (missing.size() == 1 ? "the setting " : "these settings are missing: ")
                            + String.join(", ", missing) + (missing.size() == 1 ? " is missing." : "."),
                    "Register the console with your OpenID Connect provider (the README says how for authentik) and set what it gives you. To look around first: ./rackhouse demo");
        }
        URI issuer;
        try {
            issuer = URI.create(settings.issuer());
        } catch (IllegalArgumentException e) {
            throw notAnIssuer(settings.issuer());
        }
        if (issuer.getHost() == null || !List.of("https", "http").contains(issuer.getScheme())) {
            throw notAnIssuer(settings.issuer());
        }
        if (settings.clientSecret().isBlank() && !Files.isReadable(Path.of(settings.clientSecretFile()))) {
            throw new StartRefused(
                    "The file " + settings.clientSecretFile()
                            + " with the client secret is not there or cannot be read.",
                    "Check RACKHOUSE_SIGN_IN_CLIENT_SECRET_FILE and the file's permissions.");
        }
    }

    private static StartRefused notAnIssuer(String issuer) {
        return new StartRefused(
                "The setting rackhouse.sign-in.issuer (RACKHOUSE_SIGN_IN_ISSUER) is no address: " + issuer,
                "For authentik it reads like https://auth.example.org/application/o/rackhouse/ with the slash at the end.");
    }

    /** Besides the public authorities, for all of the JVM's ordinary HTTPS (labs have trust of their own). */
    private static void trust(Path file) {
        try (InputStream pem = Files.newInputStream(file)) {
            Collection<? extends Certificate> more =
                    CertificateFactory.getInstance("X.509").generateCertificates(pem);
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : more) {
                store.setCertificateEntry("given-" + number++, certificate);
            }
            for (X509Certificate known : publicAuthorities()) {
                store.setCertificateEntry("public-" + number++, known);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            SSLContext.setDefault(context);
        } catch (IOException | GeneralSecurityException e) {
            throw new StartRefused(
                    "The authorities in " + file + " cannot be read (" + e.getMessage() + ").",
                    "RACKHOUSE_SIGN_IN_AUTHORITY_FILE names a file of certificates in PEM form.",
                    e);
        }
    }

    private static X509Certificate[] publicAuthorities() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        return ((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers();
    }
}
