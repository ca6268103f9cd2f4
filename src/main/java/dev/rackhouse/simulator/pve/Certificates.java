package dev.rackhouse.simulator.pve;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.Locale;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** The private authority of a cluster and the certificates of its nodes, as Proxmox makes them at installation. */
final class Certificates {
    private static final char[] PASSWORD = "simulator".toCharArray();
    private static final String AUTHORITY = "authority";

    private final KeyStore store;
    private final @Nullable Path file;
    private final String lab;

    /** @param folder where the keys are kept, null to keep them in memory only */
    Certificates(String lab, @Nullable Path folder) throws IOException {
        this.lab = lab;
        this.file = folder == null ? null : folder.resolve("pve-" + lab + ".p12");
        try {
            store = KeyStore.getInstance("PKCS12");
            if (file != null && Files.exists(file)) {
                try (InputStream in = Files.newInputStream(file)) {
                    store.load(in, PASSWORD);
                }
            } else {
                store.load(null, PASSWORD);
            }
            if (!store.containsAlias(AUTHORITY)) {
                authority();
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private X500Name issuer() {
        return new X500Name("CN=Proxmox Virtual Environment,OU=" + lab + ",O=PVE Cluster Manager CA");
    }

    private void authority() throws GeneralSecurityException {
        KeyPair keys = keys();
        X509Certificate certificate = sign(issuer(), keys, keys.getPrivate(), 3650, true, null);
        store.setKeyEntry(AUTHORITY, keys.getPrivate(), PASSWORD, new Certificate[] {certificate});
    }

    private X509Certificate sign(
            X500Name subject,
            KeyPair keys,
            PrivateKey signer,
            int days,
            boolean authority,
            @Nullable GeneralNames names)
            throws GeneralSecurityException {
        try {
            Instant now = Instant.now().minus(1, ChronoUnit.DAYS);
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuer(),
                    new BigInteger(64, new SecureRandom()).setBit(64),
                    Date.from(now),
                    Date.from(now.plus(days, ChronoUnit.DAYS)),
                    subject,
                    keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (names != null) {
                builder.addExtension(Extension.subjectAlternativeName, false, names);
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer)));
        } catch (IOException | OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    /** TLS of a node; its certificate is made when there is none yet. */
    SSLContext tls(String node, String ip) throws IOException {
        try {
            if (!store.containsAlias(node)) {
                KeyPair keys = keys();
                GeneralNames names = new GeneralNames(new GeneralName[] {
                    new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
                    new GeneralName(GeneralName.dNSName, "localhost"),
                    new GeneralName(GeneralName.iPAddress, ip),
                    new GeneralName(GeneralName.dNSName, node),
                    new GeneralName(GeneralName.dNSName, node + ".lab.internal")
                });
                X509Certificate certificate = sign(
                        new X500Name("OU=PVE Cluster Node,O=Proxmox Virtual Environment,CN=" + node + ".lab.internal"),
                        keys,
                        (PrivateKey) store.getKey(AUTHORITY, PASSWORD),
                        730,
                        false,
                        names);
                store.setKeyEntry(node, keys.getPrivate(), PASSWORD, new Certificate[] {certificate});
            }
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, PASSWORD);
            own.setKeyEntry(node, store.getKey(node, PASSWORD), PASSWORD, store.getCertificateChain(node));
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(own, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("No TLS for node " + node, e);
        }
    }

    /** Keeps the keys when there is a place for them. */
    void save() throws IOException {
        if (file == null) {
            return;
        }
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** SHA-256 of a node's certificate, upper case with colons. */
    String fingerprint(String node) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(store.getCertificate(node).getEncoded());
            return HexFormat.ofDelimiter(":").withUpperCase().formatHex(hash).toUpperCase(Locale.ROOT);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    String pem(String alias) {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'})
                            .encodeToString(store.getCertificate(alias).getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    String authorityPem() {
        return pem(AUTHORITY);
    }
}
