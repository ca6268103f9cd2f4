package dev.rackhouse.proxmox;

import dev.rackhouse.base.Secret;

/**
 * An API token of Proxmox.
 *
 * @param id {@code user@realm!name}, as Proxmox prints it
 * @param secret the UUID that is shown once at creation
 */
public record ApiToken(String id, Secret secret) {

    public ApiToken {
        if (!id.matches("[^\\s:/=!]+@[A-Za-z][A-Za-z0-9.\\-_]+![A-Za-z][A-Za-z0-9.\\-_]+")) {
            throw new IllegalArgumentException(
                    "'" + id + "' is no token id: it reads user@realm!name, for example rackhouse@pve!console");
        }
    }

    /** Whose token it is: {@code rackhouse@pve}. */
    public String user() {
        return id.substring(0, id.indexOf('!'));
    }

    /** The part after the exclamation mark. */
    public String name() {
        return id.substring(id.indexOf('!') + 1);
    }

    String header() {
        return "PVEAPIToken=" + id + "=" + secret.reveal();
    }
}
