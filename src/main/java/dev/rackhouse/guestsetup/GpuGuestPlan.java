package dev.rackhouse.guestsetup;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is needed to set up the GPUs of one guest; the outline follows from it alone. Stored with the run.
 *
 * @param name of the guest, as shown
 * @param user may use sudo without a password, or is root
 * @param address of its SSH server, without prefix
 * @param openModules whether the open kernel modules are installed; else the closed ones
 * @param cards by their address in the guest
 * @param parts what must be written or installed beyond what every plan looks after
 * @param toHold driver packages that are not on hold yet
 * @param repository where the container toolkit comes from, and the key that signs it
 * @param dockerConfig what {@code /etc/docker/daemon.json} shall hold; null: as it is
 * @param image for the proof from inside a container
 * @param before content of the files as they were when this was planned; a path without one: absent
 * @param cdiFile whether a device specification lies there already
 * @param dockerFolder whether {@code /etc/docker} is there already
 * @param interrupted containers that stop while Docker restarts
 */
public record GpuGuestPlan(
        GuestRef guest,
        NodeRef node,
        String name,
        String user,
        String address,
        boolean openModules,
        List<Card> cards,
        Set<Part> parts,
        List<String> toHold,
        Repository repository,
        @Nullable String dockerConfig,
        String image,
        Map<String, String> before,
        boolean cdiFile,
        boolean dockerFolder,
        List<String> interrupted) {

    /** What may be missing. */
    public enum Part {
        /** Upgrades that run by themselves leave the driver alone. */
        NEVER_UPGRADED,
        PERSISTENCE,
        POWER,
        DOCKER,
        REPOSITORY,
        /** The guest is restarted at the end, to prove that all of it stays. */
        RESTART
    }

    /**
     * @param address in the guest
     * @param ids {@code 10de:2204}
     * @param watts power limit; null: as it is
     */
    public record Card(
            PciAddress address, String ids, @Nullable Integer watts) {
        public Card {
            if (!ids.matches("10de:[0-9a-f]{4}")) {
                throw new IllegalArgumentException("'" + ids + "' is no NVIDIA card");
            }
            if (watts != null && (watts < 10 || watts > 2000)) {
                throw new IllegalArgumentException(watts + " W is no power limit");
            }
        }
    }

    /**
     * @param url of an apt repository, its architecture as {@code $(ARCH)}
     * @param key armoured public key
     */
    public record Repository(String url, String key) {
        public Repository {
            if (!url.matches("https?://[A-Za-z0-9._:/$()~-]{3,300}")) {
                throw new IllegalArgumentException("'" + url + "' is no address of a repository");
            }
            if (!key.strip().startsWith("-----BEGIN PGP PUBLIC KEY BLOCK-----")) {
                throw new IllegalArgumentException("this is no armoured public key");
            }
        }
    }

    public GpuGuestPlan {
        cards = List.copyOf(cards);
        parts = parts.isEmpty() ? EnumSet.noneOf(Part.class) : EnumSet.copyOf(parts);
        parts = java.util.Collections.unmodifiableSet(parts);
        toHold = List.copyOf(toHold);
        before = java.util.Collections.unmodifiableMap(new TreeMap<>(before));
        interrupted = List.copyOf(interrupted);
        if (cards.isEmpty()) {
            throw new IllegalArgumentException("a plan without a card");
        }
        if (!guest.lab().equals(node.lab())) {
            throw new IllegalArgumentException("Guest and node stand in different labs");
        }
        if (!user.matches("[a-z_][a-z0-9_-]{0,31}")) {
            throw new IllegalArgumentException("'" + user + "' is no user");
        }
        if (!address.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f:]{2,39}")) {
            throw new IllegalArgumentException("'" + address + "' is no address");
        }
        if (!image.matches("[a-z0-9][A-Za-z0-9._:/@-]{0,254}")) {
            throw new IllegalArgumentException("'" + image + "' is no container image");
        }
        if (toHold.stream().anyMatch(held -> !held.matches("[a-z0-9][a-z0-9+.-]{1,100}"))) {
            throw new IllegalArgumentException("no package names: " + toHold);
        }
    }

    /** Prebuilt and signed by Ubuntu: no compiler, and they load under Secure Boot. */
    public List<String> driverPackages() {
        return driverPackages(openModules);
    }

    static List<String> driverPackages(boolean open) {
        String kind = DriverTable.BRANCH + "-server" + (open ? "-open" : "");
        List<String> names = new ArrayList<>();
        names.add("linux-modules-nvidia-" + kind + "-generic");
        names.add("nvidia-headless-no-dkms-" + kind);
        names.add("nvidia-utils-" + DriverTable.BRANCH + "-server");
        return List.copyOf(names);
    }

    boolean has(Part part) {
        return parts.contains(part);
    }

    /** {@code 110 (ai-inference)} */
    public String label() {
        return guest.vmid() + " (" + name + ")";
    }
}
