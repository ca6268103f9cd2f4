package dev.rackhouse.simulator.pve;

/** A node goes down and comes back: its guests end, its tasks break off, its port closes. */
final class NodePower {
    private NodePower() {}

    /** Receives what happens to nodes: the listeners open and close their ports. */
    interface Watcher {
        void changed(Node node);
    }

    /** Reboot or power-off through the API: the answer still goes out. */
    static void ask(World world, Node node, boolean powerOff) {
        Thread.ofVirtual().name("power " + node.name()).start(() -> {
            try {
                world.clock.pause(NodeCalls.GRACE);
            } catch (InterruptedException e) {
                return;
            }
            down(world, node);
            node.machine.restart(powerOff, () -> up(world, node));
        });
    }

    /** The node is gone now; also when its machine lost power by itself. */
    static void down(World world, Node node) {
        world.tasks.abandon(node.name());
        node.machine.autostartOver(false);
        GuestPower.nodeDown(world, node);
        world.locked(() -> {
            node.online = false;
            node.reservations.clear();
        });
        world.powerWatcher.changed(node);
    }

    /** The node is there again; guests with onboot start. For 10 s it knows nothing about them. */
    static void up(World world, Node node) {
        if (node.online) {
            return;
        }
        world.locked(() -> {
            node.online = true;
            node.blindUntil = world.now() + Math.max(1, (long) (10 / world.clock.speed()));
        });
        world.powerWatcher.changed(node);
        boolean any = world.locked(() -> world.guests.values().stream()
                .anyMatch(guest -> guest.node.equals(node.name()) && "1".equals(guest.config.get("onboot"))));
        if (!any) {
            node.machine.autostartOver(true);
        } else {
            world.tasks.start(node, "startall", "", Caller.ROOT, task -> {
                for (Guest guest : world.locked(() -> world.guests.values().stream()
                        .filter(guest -> guest.node.equals(node.name())
                                && !guest.running
                                && !guest.template()
                                && "1".equals(guest.config.get("onboot")))
                        .toList())) {
                    task.log("Starting " + GuestPower.word(guest) + " " + guest.vmid);
                    String upid = world.tasks.start(
                            node,
                            guest.vm() ? "qmstart" : "vzstart",
                            Integer.toString(guest.vmid),
                            Caller.ROOT,
                            started -> PowerCalls.lockedStart(world, node, guest, started, false));
                    Task start = world.tasks.find(upid);
                    do {
                        task.pauseMillis(300);
                    } while (start != null && start.running());
                }
                node.machine.autostartOver(true);
            });
        }
    }
}
