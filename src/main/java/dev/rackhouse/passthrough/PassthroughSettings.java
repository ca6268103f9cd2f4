package dev.rackhouse.passthrough;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the wizard offers where nothing better is known.
 *
 * @param imageUrl of a cloud image that is offered for download
 * @param imageChecksum SHA-256 or SHA-512 of that image; blank: the person looks it up at the publisher's, since it changes with
 *     each build
 * @param user that cloud-init makes
 * @param nameserver offered; blank: Proxmox gives the guest what the node has
 */
@ConfigurationProperties("rackhouse.passthrough")
record PassthroughSettings(
        @DefaultValue("https://cloud-images.ubuntu.com/noble/current/noble-server-cloudimg-amd64.img")
        String imageUrl,

        @DefaultValue("") String imageChecksum,
        @DefaultValue("ops") String user,
        @DefaultValue("") String nameserver) {}
