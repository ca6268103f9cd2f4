package dev.rackhouse.passthrough;

/** The fixed scripts that are run inside a guest. {@code R} is the root prefix of the pretend labs; empty in real guests. */
final class GuestScripts {

    /** Stock cloud images bring no agent. */
    static final String INSTALL_AGENT = """
            as_root=
            [ "$(id -u)" = 0 ] || [ -n "${R:-}" ] || as_root='sudo -n'
            export DEBIAN_FRONTEND=noninteractive
            $as_root apt-get -o DPkg::Lock::Timeout=300 update &&
            $as_root apt-get -o DPkg::Lock::Timeout=300 install -y qemu-guest-agent &&
            $as_root systemctl start qemu-guest-agent
            """;

    /** One function a line: {@code 0000:01:00.0 10de:1e81}. */
    static final String LIST_PCI = """
            for d in "${R:-}"/sys/bus/pci/devices/*; do
              vendor=$(cat "$d/vendor") && device=$(cat "$d/device") && echo "${d##*/} ${vendor#0x}:${device#0x}"
            done
            """;

    private GuestScripts() {}
}
