package dev.rackhouse.simulator.pve;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** start, stop, shutdown, reboot, reset, suspend, resume - of both kinds of guests. */
final class PowerCalls {
    private PowerCalls() {}

    static void register(Calls calls) {
        for (String kind : new String[] {"qemu", "lxc"}) {
            String path = "POST /nodes/{node}/" + kind + "/{vmid}/status/";
            calls.on(path + "start", PowerCalls::start);
            calls.on(path + "stop", PowerCalls::stop);
            calls.on(path + "shutdown", PowerCalls::shutdown);
            calls.on(path + "reboot", PowerCalls::reboot);
            calls.on(path + "suspend", PowerCalls::suspend);
            calls.on(path + "resume", PowerCalls::resume);
        }
        calls.on("POST /nodes/{node}/qemu/{vmid}/status/reset", PowerCalls::reset);
    }

    private static String task(Req req, Guest guest, String vm, String container, Task.Work work) {
        req.world.requireQuorum();
        return req.task(guest.vm() ? vm : container, Integer.toString(guest.vmid), work);
    }

    private static Object start(Req req) {
        req.rootOnly(
                "stateuri",
                "skiplock",
                "migratedfrom",
                "migration_type",
                "migration_network",
                "targetstorage",
                "force-cpu",
                "with-conntrack-state",
                "nets-host-mtu");
        Guest guest = req.guest();
        return task(
                req,
                guest,
                "qmstart",
                "vzstart",
                task -> lockedStart(req.world, req.node(), guest, task, req.flag("skiplock")));
    }

    static void lockedStart(World world, Node node, Guest guest, Task task, boolean skipLock)
            throws InterruptedException {
        ConfigCalls.acquire(world, guest);
        try {
            GuestPower.start(world, node, guest, task, skipLock);
        } finally {
            guest.fileLock.release();
        }
    }

    private static Object stop(Req req) {
        req.rootOnly("skiplock", "keepActive", "migratedfrom");
        Guest guest = req.guest();
        if (req.flag("overrule-shutdown")) {
            String type = guest.vm() ? "qmshutdown" : "vzshutdown";
            req.world.tasks.active(req.node().name()).stream()
                    .filter(task -> task.type.equals(type) && task.id.equals(Integer.toString(guest.vmid)))
                    .forEach(Task::stop);
        }
        return task(req, guest, "qmstop", "vzstop", task -> {
            ConfigCalls.acquire(req.world, guest);
            try {
                req.world.locked(() -> GuestPower.checkLock(guest, req.flag("skiplock")));
                if (!guest.running) {
                    if (!guest.vm()) {
                        throw ApiError.died("CT " + guest.vmid + " not running");
                    }
                    return;
                }
                task.pauseMillis(500);
                GuestPower.stopped(req.world, req.node(), guest);
            } finally {
                guest.fileLock.release();
            }
        });
    }

    private static Object shutdown(Req req) {
        req.rootOnly("skiplock", "keepActive");
        Guest guest = req.guest();
        Duration limit = Duration.ofSeconds(req.number("timeout", guest.vm() ? 180 : 60));
        if (guest.vm() && guest.running && guest.paused && !req.flag("forceStop")) {
            throw ApiError.died("VM is paused - cannot shutdown");
        }
        return task(req, guest, "qmshutdown", "vzshutdown", task -> {
            ConfigCalls.acquire(req.world, guest);
            try {
                req.world.locked(() -> GuestPower.checkLock(guest, req.flag("skiplock")));
                if (!guest.running) {
                    if (!guest.vm()) {
                        throw ApiError.died("CT " + guest.vmid + " not running");
                    }
                    return;
                }
                down(req, guest, task, limit, req.flag("forceStop"));
            } finally {
                guest.fileLock.release();
            }
        });
    }

    private static void down(Req req, Guest guest, Task task, Duration limit, boolean force)
            throws InterruptedException {
        if (GuestPower.shutdown(req.world, req.node(), guest, task, limit)) {
            return;
        }
        if (!force) {
            throw ApiError.died(
                    guest.vm()
                            ? "VM quit/powerdown failed - got timeout"
                            : "command 'lxc-stop -n " + guest.vmid + " --nokill --timeout " + limit.toSeconds()
                                    + "' failed: exit code 1");
        }
        if (guest.vm()) {
            task.log("VM quit/powerdown failed - terminating now with SIGTERM");
        }
        task.pauseMillis(500);
        GuestPower.stopped(req.world, req.node(), guest);
    }

    private static Object reboot(Req req) {
        Guest guest = req.guest();
        if (!guest.running) {
            throw ApiError.died(GuestPower.word(guest) + " " + guest.vmid + " not running");
        }
        if (guest.paused) {
            throw ApiError.died("VM is paused - cannot shutdown");
        }
        Duration limit = Duration.ofSeconds(req.number("timeout", guest.vm() ? 180 : 60));
        return task(req, guest, "qmreboot", "vzreboot", task -> {
            task.log("Requesting reboot of " + GuestPower.word(guest) + " " + guest.vmid);
            ConfigCalls.acquire(req.world, guest);
            try {
                req.world.locked(() -> GuestPower.checkLock(guest, false));
                down(req, guest, task, limit, false);
                GuestPower.start(req.world, req.node(), guest, task, false);
            } finally {
                guest.fileLock.release();
            }
        });
    }

    private static Object reset(Req req) {
        req.rootOnly("skiplock");
        Guest guest = req.guest();
        if (!guest.running) {
            throw ApiError.died("VM " + guest.vmid + " not running");
        }
        return task(req, guest, "qmreset", "", task -> {
            req.world.locked(() -> GuestPower.checkLock(guest, req.flag("skiplock")));
            task.pauseMillis(100);
        });
    }

    private static Object suspend(Req req) {
        req.rootOnly("skiplock");
        Guest guest = req.guest();
        if (!guest.running) {
            throw ApiError.died(GuestPower.word(guest) + " " + guest.vmid + " not running");
        }
        boolean disk = req.flag("todisk");
        if (disk) {
            req.need("/vms/" + guest.vmid, "VM.Config.Disk");
        }
        return task(req, guest, disk ? "qmsuspend" : "qmpause", "vzsuspend", task -> {
            ConfigCalls.acquire(req.world, guest);
            try {
                req.world.locked(() -> GuestPower.checkLock(guest, req.flag("skiplock")));
                if (disk) {
                    toDisk(req, guest, task);
                } else {
                    task.pauseMillis(50);
                    req.world.locked(() -> {
                        guest.paused = true;
                    });
                }
            } finally {
                guest.fileLock.release();
            }
        });
    }

    private static void toDisk(Req req, Guest guest, Task task) throws InterruptedException {
        if (!guest.devices.isEmpty()) {
            throw ApiError.died("cannot suspend VM with assigned PCI devices");
        }
        task.pauseMillis(1500);
        req.world.locked(() -> {
            guest.config.put("lock", "suspended");
            req.world.written(guest);
        });
        GuestPower.stopped(req.world, req.node(), guest);
    }

    private static @Nullable Object resume(Req req) {
        req.rootOnly("skiplock", "nocheck");
        Guest guest = req.guest();
        if (!guest.running && !"suspended".equals(guest.lock())) {
            throw ApiError.died(GuestPower.word(guest) + " " + guest.vmid + " not running");
        }
        return task(req, guest, "qmresume", "vzresume", task -> {
            if (!guest.running) {
                lockedStart(req.world, req.node(), guest, task, true);
                return;
            }
            ConfigCalls.acquire(req.world, guest);
            try {
                req.world.locked(() -> {
                    GuestPower.checkLock(guest, req.flag("skiplock"));
                    guest.paused = false;
                });
            } finally {
                guest.fileLock.release();
            }
        });
    }
}
