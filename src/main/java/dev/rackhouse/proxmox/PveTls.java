package dev.rackhouse.proxmox;

import dev.rackhouse.base.RemoteFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Certificates of Proxmox servers: how they are judged, and how one is looked at before it is trusted. */
public final class PveTls {

    private static final int CONNECT_MILLIS = 5_000;

    /**
     * What a server shows on first contact.
     *
     * @param subject the name it carries
     * @param issuer who signed it
     * @param notAfter when it expires
     */
    public record Presented(
            Fingerprint fingerprint, String subject, String issuer, Instant notBefore, Instant notAfter) {

        public boolean expiredAt(Instant now) {
            return now.isAfter(notAfter);
        }
    }

    private PveTls() {}

    /**
     * Connects, looks at the leaf certificate and hangs up; sends nothing over the connection. Blocks at most about ten seconds.
     *
     * @throws RemoteFailure when nobody answers there, or not with TLS
     */
    public static Presented presented(URI url) {
        String machine = url.getHost() + ":" + url.getPort();
        String doing = "look at the certificate";
        Looker looker = new Looker();
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(url.getHost(), url.getPort()), CONNECT_MILLIS);
            plain.setSoTimeout(CONNECT_MILLIS);
            try (SSLSocket tls = (SSLSocket)
                    context(looker).getSocketFactory().createSocket(plain, url.getHost(), url.getPort(), true)) {
                tls.startHandshake();
            } catch (SSLException e) {
                if (looker.seen == null) {
                    throw new RemoteFailure.Unreadable(
                            doing,
                            machine,
                            said(e),
                            "This port does not speak TLS; Proxmox is usually at port 8006.",
                            e);
                }
            }
        } catch (IOException e) {
            throw PveConnects.unreachable(doing, machine, e);
        }
        X509Certificate leaf = looker.seen;
        if (leaf == null) {
            throw new RemoteFailure.Unreadable(
                    doing, machine, "no certificate", "Check address and port; Proxmox is usually at port 8006.", null);
        }
        return new Presented(
                Fingerprint.of(leaf),
                leaf.getSubjectX500Principal().getName(),
                leaf.getIssuerX500Principal().getName(),
                leaf.getNotBefore().toInstant(),
                leaf.getNotAfter().toInstant());
    }

    /** Whether the host name must match: only where an authority vouches for it. */
    static boolean checksHostName(TlsTrust trust) {
        return !(trust instanceof TlsTrust.Pinned);
    }

    /**
     * The context that accepts what the trust allows and nothing else.
     *
     * @throws IllegalArgumentException when the authority's PEM holds no certificate
     */
    static SSLContext context(TlsTrust trust) {
        return switch (trust) {
            case TlsTrust.Pinned pinned -> context(new PinCheck(pinned));
            case TlsTrust.Authority authority -> context(authorities(store(authority.pem())));
            case TlsTrust.PublicAuthorities all -> context(authorities(null));
        };
    }

    private static SSLContext context(TrustManager... managers) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    private static TrustManager[] authorities(@Nullable KeyStore store) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager vouching) {
                    return new TrustManager[] {new Vouched(vouching)};
                }
            }
            throw new IllegalStateException("this Java cannot judge certificates");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no trust store", e);
        }
    }

    private static KeyStore store(String pem) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            for (var certificate : CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))) {
                store.setCertificateEntry("authority-" + count++, certificate);
            }
            if (count == 0) {
                throw new IllegalArgumentException("there is no certificate in this PEM text");
            }
            return store;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("this is no certificate in PEM form", e);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static String said(Throwable e) {
        String message = e.getMessage();
        return PveErrors.bounded(message == null ? e.getClass().getSimpleName() : message);
    }

    /** Compares the leaf with the pins; the chain, the names and the dates do not matter, the pin stands for all of them. */
    private static final class PinCheck extends ServerOnly {
        private final TlsTrust.Pinned pinned;

        PinCheck(TlsTrust.Pinned pinned) {
            this.pinned = pinned;
        }

        @Override
        void check(X509Certificate[] chain, String type) throws CertificateException {
            Fingerprint presented = Fingerprint.of(chain[0]);
            if (!pinned.accepted().contains(presented)) {
                throw new PinMismatch(
                        pinned.accepted().stream().map(Fingerprint::toString).collect(Collectors.joining(" or ")),
                        presented);
            }
        }
    }

    /** Remembers the leaf and ends the handshake there: it is only for looking. */
    private static final class Looker extends ServerOnly {
        private volatile @Nullable X509Certificate seen;

        @Override
        void check(X509Certificate[] chain, String type) throws CertificateException {
            seen = chain[0];
            throw new CertificateException("only looking");
        }
    }

    /** An authority's judgement; dates are checked also where the leaf itself is the authority, which Java would let pass. */
    private static final class Vouched extends ServerOnly {
        private final X509TrustManager authorities;

        Vouched(X509TrustManager authorities) {
            this.authorities = authorities;
        }

        @Override
        void check(X509Certificate[] chain, String type) throws CertificateException {
            authorities.checkServerTrusted(chain, type);
            chain[0].checkValidity();
        }
    }

    private abstract static class ServerOnly extends X509ExtendedTrustManager {

        abstract void check(X509Certificate[] chain, String type) throws CertificateException;

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(chain, type);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check(chain, type);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("clients have no certificates here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            checkClientTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            checkClientTrusted(chain, type);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
