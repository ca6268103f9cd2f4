package dev.rackhouse.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A tiny HTTPS server on loopback that answers with exactly the bytes a test wants, hangs up or stays silent, and keeps what it was
 * asked. One request per connection, as Proxmox does after an error.
 */
public final class TlsServer implements AutoCloseable {

    /**
     * One request as it came.
     *
     * @param firstRecord how many bytes the first TLS record brought
     */
    public record Request(String method, String target, String head, String body, int firstRecord) {

        public String header(String name) {
            return head.lines()
                    .filter(l -> l.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(l -> l.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse("");
        }
    }

    /** Answers nothing and hangs up. */
    public static final String HANG_UP = "hang up";
    /** Answers nothing and keeps the line open until the server is closed. */
    public static final String SILENCE = "silence";

    private final SSLServerSocket listening;
    private final X509Certificate certificate;
    private final Function<Request, String> answers;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    private TlsServer(KeyPair keys, X509Certificate certificate, Function<Request, String> answers) throws Exception {
        this.certificate = certificate;
        this.answers = answers;
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", keys.getPrivate(), new char[0], new X509Certificate[] {certificate});
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        listening = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** A server with a fresh certificate for 127.0.0.1. */
    public static TlsServer answering(Function<Request, String> answers) {
        return with("127.0.0.1", Instant.now().plus(Duration.ofDays(30)), answers);
    }

    /** A server whose certificate carries this address and expires then. */
    public static TlsServer with(String address, Instant notAfter, Function<Request, String> answers) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            KeyPair keys = generator.generateKeyPair();
            X500Name name = new X500Name("CN=pretend");
            var builder = new JcaX509v3CertificateBuilder(
                    name,
                    BigInteger.valueOf(System.nanoTime()),
                    Date.from(notAfter.minus(Duration.ofDays(60))),
                    Date.from(notAfter),
                    name,
                    keys.getPublic());
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(GeneralName.iPAddress, address)));
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
            return new TlsServer(keys, certificate, answers);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A complete answer with a JSON body. */
    public static String json(String status, String body) {
        return "HTTP/1.1 " + status + "\r\nContent-Type: application/json;charset=UTF-8\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\nConnection: close\r\n\r\n" + body;
    }

    /** An answer without body, type and length, as Proxmox sends 401 and 59x. */
    public static String bare(String status) {
        return "HTTP/1.1 " + status + "\r\nConnection: close\r\n\r\n";
    }

    public URI url() {
        return URI.create("https://127.0.0.1:" + listening.getLocalPort());
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public String pem() {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + java.util.Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                            .encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (java.security.cert.CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    public List<Request> requests() {
        return requests;
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                SSLSocket socket = (SSLSocket) listening.accept();
                if (listening.isClosed()) {
                    socket.close();
                    return;
                }
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(SSLSocket socket) {
        boolean keep = false;
        try {
            Request request = read(socket.getInputStream());
            requests.add(request);
            String answer = answers.apply(request);
            keep = answer.equals(SILENCE);
            if (!keep && !answer.equals(HANG_UP)) {
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                socket.getOutputStream().flush();
            }
        } catch (IOException gone) {
            // the client went away, or refused our certificate
        } finally {
            if (!keep) {
                try {
                    socket.close();
                } catch (IOException gone) {
                    // closed already
                }
            }
        }
    }

    private static Request read(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[128 * 1024];
        int first = 0;
        while (true) {
            int n = in.read(buffer);
            if (n < 0) {
                throw new IOException("the client hung up");
            }
            first = first == 0 ? n : first;
            bytes.write(buffer, 0, n);
            String text = bytes.toString(StandardCharsets.UTF_8);
            int end = text.indexOf("\r\n\r\n");
            if (end < 0) {
                continue;
            }
            String head = text.substring(0, end);
            String body = text.substring(end + 4);
            Request request = new Request(head.split(" ")[0], head.split(" ")[1], head, body, first);
            String length = request.header("Content-Length");
            if (length.isEmpty() || body.getBytes(StandardCharsets.UTF_8).length >= Integer.parseInt(length)) {
                return request;
            }
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
