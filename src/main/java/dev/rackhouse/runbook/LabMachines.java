package dev.rackhouse.runbook;

import dev.rackhouse.base.LabId;
import dev.rackhouse.integration.HttpReply;
import dev.rackhouse.integration.LocalHttp;
import dev.rackhouse.integration.docker.DockerHost;
import dev.rackhouse.lab.Lab;
import dev.rackhouse.lab.Labs;
import dev.rackhouse.lab.ProxmoxSide;
import dev.rackhouse.proxmox.PveAnswer;
import dev.rackhouse.runbook.Command.ApiCall;
import dev.rackhouse.runbook.Command.ServiceCall;
import dev.rackhouse.ssh.CommandResult;
import dev.rackhouse.ssh.HostKey;
import dev.rackhouse.ssh.RemoteFiles;
import dev.rackhouse.ssh.SshHost;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The machines of the connected labs. */
final class LabMachines implements Machines {

    private final Labs labs;

    LabMachines(Labs labs) {
        this.labs = labs;
    }

    @Override
    public Answer call(ApiCall call) {
        PveAnswer answer = labs.proxmox(call.lab()).call(call.method(), call.path(), call.form());
        return Answer.api(200, answer.data().toString());
    }

    @Override
    public Answer call(ServiceCall call, GuestKeys keys) {
        SshHost ssh = reach(call.host(), keys);
        HttpReply reply = switch (call.service()) {
            case Service.DockerEngine _ ->
                DockerHost.of(ssh, bySudo(call.host()))
                        .call(call.method().name(), call.path(), call.body(), call.timeout());
            case Service.LocalPort port ->
                new LocalHttp(ssh, port.port())
                        .call(call.method().name(), call.path(), port.bearer(), call.body(), call.timeout());
        };
        return Answer.service(reply.status(), reply.text(), reply.truncated());
    }

    @Override
    public Answer run(Host host, String commandLine, String stdin, Duration timeout, GuestKeys keys) {
        CommandResult result = reach(host, keys).run(commandLine, stdin.getBytes(StandardCharsets.UTF_8), timeout);
        return new Answer(Answer.Kind.SHELL, result.exitCode(), result.out(), result.err(), result.truncated());
    }

    @Override
    public @Nullable String read(Host host, String path, GuestKeys keys) {
        SshHost ssh = reach(host, keys);
        if (bySudo(host)) {
            return new FilesAsRoot(ssh).read(path);
        }
        return ssh.files()
                .read(path)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse(null);
    }

    @Override
    public void write(Host host, String path, String content, String owner, String mode, GuestKeys keys) {
        SshHost ssh = reach(host, keys);
        if (bySudo(host)) {
            new FilesAsRoot(ssh)
                    .write(path, content.getBytes(StandardCharsets.UTF_8), owner(owner), Integer.parseInt(mode, 8));
            return;
        }
        RemoteFiles files = ssh.files();
        Optional<RemoteFiles.Stat> there = files.stat(path).filter(stat -> stat.kind() == RemoteFiles.Kind.FILE);
        files.writeAtomically(
                path,
                content.getBytes(StandardCharsets.UTF_8),
                there.map(RemoteFiles.Stat::owner).orElseGet(() -> owner(owner)),
                there.map(RemoteFiles.Stat::mode).orElseGet(() -> Integer.parseInt(mode, 8)));
    }

    @Override
    public void writeInPlace(Host host, String path, String line, GuestKeys keys) {
        reach(host, keys).files().writeInPlace(path, (line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void delete(Host host, String path, GuestKeys keys) {
        SshHost ssh = reach(host, keys);
        if (bySudo(host)) {
            new FilesAsRoot(ssh).delete(path);
        } else {
            ssh.files().delete(path);
        }
    }

    @Override
    public String tokenUser(LabId lab) {
        return labs.find(lab).map(Lab::proxmox).map(ProxmoxSide::tokenId).orElse("");
    }

    @Override
    public String name(LabId lab) {
        return labs.nameOf(lab).orElseGet(lab::toString);
    }

    /** Cloud images let nobody in as root. */
    private static boolean bySudo(Host host) {
        return host instanceof Host.GuestVia guest && !guest.user().equals("root");
    }

    private SshHost reach(Host host, GuestKeys keys) {
        return switch (host) {
            case Host.Node node -> labs.ssh(node.node());
            case Host.GuestVia guest -> guest(guest, keys);
        };
    }

    /** The first contact of a run decides which key the guest has; whoever lived at that address before does not count. */
    private SshHost guest(Host.GuestVia guest, GuestKeys keys) {
        String place = guest.address() + ":" + guest.port();
        Optional<String> known = keys.known(place);
        if (known.isPresent()) {
            return labs.sshGuest(guest.via(), guest.user(), guest.address(), guest.port(), HostKey.parse(known.get()));
        }
        HostKey shown = labs.meetGuest(guest.via(), guest.user(), guest.address(), guest.port());
        keys.learned(place, shown.fingerprint());
        return labs.sshGuest(guest.via(), guest.user(), guest.address(), guest.port(), shown);
    }

    /** {@code root:root}, or two numbers; anything else belongs to root. */
    private static RemoteFiles.Owner owner(String text) {
        String[] parts = text.split(":");
        return parts.length == 2 && parts[0].matches("\\d{1,9}") && parts[1].matches("\\d{1,9}")
                ? new RemoteFiles.Owner(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]))
                : RemoteFiles.Owner.ROOT;
    }
}
