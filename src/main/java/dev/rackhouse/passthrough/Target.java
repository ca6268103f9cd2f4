package dev.rackhouse.passthrough;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.base.VmId;

/** What a finding is about. Prints as {@code node}, {@code slot 0000:0e:00}, {@code device 0000:05:00.0}, {@code guest 102}. */
public sealed interface Target {

    /** The host itself. */
    record Host() implements Target {
        @Override
        public String toString() {
            return "node";
        }
    }

    /** All functions of a slot: what Proxmox takes for an address without a function. */
    record Slot(PciSlot slot) implements Target {
        @Override
        public String toString() {
            return "slot " + slot;
        }
    }

    /** One function alone. */
    record Device(PciAddress address) implements Target {
        @Override
        public String toString() {
            return "device " + address;
        }
    }

    /** An existing guest, or the one that is planned. */
    record Guest(VmId vmid) implements Target {
        @Override
        public String toString() {
            return "guest " + vmid;
        }
    }

    /** A network interface of the host. */
    record Iface(String name) implements Target {
        @Override
        public String toString() {
            return "iface " + name;
        }
    }
}
