package dev.rackhouse.simulator;

import dev.rackhouse.simulator.host.SimulatedMachine;
import dev.rackhouse.simulator.host.SshKeys;
import dev.rackhouse.simulator.lab.RunningLab;
import dev.rackhouse.simulator.pve.NodeEndpoint;
import java.util.List;
import java.util.stream.Collectors;

/** The file by which a console is told of the running labs. Secrets stand in files of their own, named relative to it. */
final class LabsFile {
    /** Token that every lab's seed grants the console its roles. */
    static final String TOKEN = "rackhouse@pve!console";

    private LabsFile() {}

    static String tokenFile(String lab) {
        return "secrets/" + lab + "-token";
    }

    /** @param keyFile private key for all machines, relative to the file */
    static String of(List<RunningLab> labs, String keyFile) {
        StringBuilder yaml = new StringBuilder("# Pretend labs of the simulator, written at its start.\nlabs:\n");
        for (RunningLab lab : labs) {
            yaml.append("  - name: ").append(lab.name()).append('\n');
            if (!lab.endpoints().isEmpty()) {
                // a console needs a few doors to a large cluster, not all
                List<NodeEndpoint> doors =
                        lab.endpoints().subList(0, Math.min(3, lab.endpoints().size()));
                yaml.append("    proxmox:\n      urls: [")
                        .append(quoted(doors.stream()
                                .map(door -> door.url().toString())
                                .toList()))
                        .append("]\n      fingerprints: [")
                        .append(quoted(
                                doors.stream().map(NodeEndpoint::fingerprint).toList()))
                        .append("]\n      token: \"")
                        .append(TOKEN)
                        .append("\"\n      secret: { file: ")
                        .append(tokenFile(lab.name()))
                        .append(" }\n");
            }
            yaml.append("    key: { file: ").append(keyFile).append(" }\n    hosts:\n");
            for (SimulatedMachine machine : lab.hosts()) {
                yaml.append("      - node: ")
                        .append(machine.node())
                        .append("\n        address: 127.0.0.1\n        port: ")
                        .append(lab.sshPort(machine.node()))
                        .append("\n        user: root\n        key: { file: ")
                        .append(keyFile)
                        .append(" }\n        hostKey: \"")
                        .append(SshKeys.fingerprint(machine.hostKey()))
                        .append("\"\n");
            }
        }
        return yaml.toString();
    }

    private static String quoted(List<String> values) {
        return values.stream().map(value -> "\"" + value + "\"").collect(Collectors.joining(", "));
    }
}
