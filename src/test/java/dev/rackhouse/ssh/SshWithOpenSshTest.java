package dev.rackhouse.ssh;

/** The client against a real OpenSSH server on loopback, as every Proxmox host runs one. */
class SshWithOpenSshTest extends SshContract {

    @Override
    TestSshServer server(SshKey accepted) {
        return new TestSshServer.OpenSsh(accepted);
    }
}
