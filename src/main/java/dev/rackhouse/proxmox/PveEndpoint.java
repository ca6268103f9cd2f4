package dev.rackhouse.proxmox;

import java.net.URI;
import java.util.List;

/**
 * One Proxmox server or cluster.
 *
 * @param label how it is called in messages, usually the lab's name
 * @param urls where it answers, {@code https://10.0.10.41:8006}; several nodes of one cluster possible, used in this order
 */
public record PveEndpoint(String label, List<URI> urls, ApiToken token, TlsTrust trust) {

    public PveEndpoint {
        urls = urls.stream().map(PveEndpoint::checked).toList();
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("an endpoint needs at least one address");
        }
    }

    /**
     * What people type, made a URL: {@code 10.0.10.41}, {@code caraxes:8006}, {@code https://caraxes:8006/}.
     *
     * @throws IllegalArgumentException with a sentence for the field
     */
    public static URI url(String typed) {
        String text = typed.strip();
        if (text.isEmpty()) {
            throw new IllegalArgumentException("enter a name or an address");
        }
        try {
            URI uri = URI.create(text.contains("://") ? text : "https://" + text);
            if (uri.getPort() < 0 && uri.getHost() != null) {
                uri = URI.create("https".equals(uri.getScheme()) ? "https://" + uri.getRawAuthority() + ":8006" : text);
            }
            return checked(uri);
        } catch (IllegalArgumentException e) {
            if (e.getCause() instanceof java.net.URISyntaxException) {
                throw new IllegalArgumentException(
                        "'" + text + "' is no address; it reads like https://10.0.10.41:8006", e);
            }
            throw e;
        }
    }

    private static URI checked(URI uri) {
        String host = uri.getHost();
        if (!"https".equals(uri.getScheme()) || host == null || uri.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "'" + uri + "' is no address of Proxmox; it reads like https://10.0.10.41:8006");
        }
        return URI.create("https://" + host + ":" + (uri.getPort() < 0 ? 8006 : uri.getPort()));
    }
}
