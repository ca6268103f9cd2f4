package dev.rackhouse.ssh;

/** The client against Apache MINA SSHD, which also serves the simulated hosts. */
class SshWithMinaTest extends SshContract {

    @Override
    TestSshServer server(SshKey accepted) {
        return new TestSshServer.Mina(accepted);
    }
}
