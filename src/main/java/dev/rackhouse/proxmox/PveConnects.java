package dev.rackhouse.proxmox;

import dev.rackhouse.base.RemoteFailure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.jspecify.annotations.Nullable;

/** Broken connections as sentences, and whether anything can have been sent before they broke. */
final class PveConnects {

    private PveConnects() {}

    /** Whether the request cannot have reached the server, so that another door may be tried even with a change. */
    static boolean nothingSent(Throwable e) {
        return find(e, ConnectException.class) != null
                || find(e, ConnectTimeoutException.class) != null
                || find(e, UnknownHostException.class) != null
                || find(e, NoRouteToHostException.class) != null;
    }

    static RemoteFailure failure(String doing, String machine, PveMethod method, IOException e) {
        PinMismatch mismatch = find(e, PinMismatch.class);
        if (mismatch != null) {
            return new RemoteFailure.Untrusted(
                    doing, machine, mismatch.pinned(), mismatch.presented().toString());
        }
        if (find(e, CertificateExpiredException.class) != null) {
            return unusable(
                    doing,
                    machine,
                    "its certificate has expired",
                    "Renew the certificate on the node, or pin it by its fingerprint.",
                    e);
        }
        if (find(e, CertificateNotYetValidException.class) != null) {
            return unusable(
                    doing,
                    machine,
                    "its certificate is not valid yet",
                    "Check the clocks of the node and of this machine.",
                    e);
        }
        if (find(e, CertificateException.class) != null || find(e, SSLException.class) != null && !method.changes()) {
            return unusable(
                    doing,
                    machine,
                    "no trusted TLS connection: " + PveTls.said(e),
                    "Check that the address is right and that the authority given for this lab signed its certificate.",
                    e);
        }
        if (nothingSent(e)) {
            return unreachable(doing, machine, e);
        }
        if (method.changes()) {
            return new RemoteFailure.TimedOut(
                    doing,
                    machine,
                    "the connection broke before an answer came: " + PveTls.said(e),
                    "Whether it happened is not known: look before doing it again.",
                    e);
        }
        return e instanceof SocketTimeoutException
                ? new RemoteFailure.TimedOut(
                        doing,
                        machine,
                        "no answer within the limit",
                        "The machine may be overloaded or a storage may hang. Try again later.",
                        e)
                : unreachable(doing, machine, e);
    }

    static RemoteFailure unreachable(String doing, String machine, IOException e) {
        String said = switch (root(e)) {
            case UnknownHostException unknown -> "the name is not known";
            case ConnectTimeoutException slow -> "no connection within 5 seconds";
            case SocketTimeoutException slow -> "no connection within 5 seconds";
            case NoRouteToHostException none -> "there is no route to it";
            case ConnectException refused -> "the connection was refused";
            case Throwable other -> "the connection broke: " + PveTls.said(other);
        };
        return new RemoteFailure.Unreachable(
                doing,
                machine,
                said,
                "Check that the machine is on, its address and port, and the network between.",
                e);
    }

    private static RemoteFailure unusable(String doing, String machine, String said, String advice, IOException e) {
        return new RemoteFailure.Unreadable(doing, machine, said, advice, e);
    }

    private static Throwable root(Throwable e) {
        for (Throwable at = e; ; at = at.getCause()) {
            if (at instanceof ConnectTimeoutException || at instanceof UnknownHostException || at.getCause() == null) {
                return at;
            }
        }
    }

    private static <T extends Throwable> @Nullable T find(Throwable e, Class<T> kind) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (kind.isInstance(at)) {
                return kind.cast(at);
            }
        }
        return null;
    }
}
