package dev.rackhouse.guest;

/** What a guest is, in Proxmox's words. */
public enum GuestKind {
    QEMU("qemu", "VM"),
    LXC("lxc", "container");

    private final String path;
    private final String word;

    GuestKind(String path, String word) {
        this.path = path;
        this.word = word;
    }

    /** As it stands in paths of the API. */
    public String path() {
        return path;
    }

    /** As shown: {@code VM}. */
    public String word() {
        return word;
    }

    /** @throws IllegalArgumentException when it is neither {@code qemu} nor {@code lxc} */
    public static GuestKind of(String path) {
        for (GuestKind kind : values()) {
            if (kind.path.equals(path)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("'" + path + "' is no kind of guest");
    }
}
