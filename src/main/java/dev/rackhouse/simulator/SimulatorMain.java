package dev.rackhouse.simulator;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.rackhouse.simulator.host.Jails;
import dev.rackhouse.simulator.host.SimulatedMachine;
import dev.rackhouse.simulator.host.SshKeys;
import dev.rackhouse.simulator.lab.GeneratedLabs;
import dev.rackhouse.simulator.lab.LabPlan;
import dev.rackhouse.simulator.lab.RunningLab;
import dev.rackhouse.simulator.openid.OpenIdProvider;
import dev.rackhouse.simulator.pve.NodeEndpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.security.KeyPair;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** Starts pretend labs and, when asked, the sample OpenID provider; prints where they are; runs until it is told to stop. */
public final class SimulatorMain {
    private static final String KEY_FILE = "secrets/id_ed25519";
    private static final int MOST_SHOWN = 8;

    private final Options options;
    private final PrintStream out;
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final Map<String, Object> ready = new LinkedHashMap<>();

    private SimulatorMain(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** Exit code 2 for a wrong command line; otherwise runs until SIGTERM. The last line of the start is {@code READY {json}}. */
    public static void main(String[] arguments) throws Exception {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
        ((Logger) LoggerFactory.getLogger("org.apache.sshd")).setLevel(Level.ERROR);
        java.util.logging.Logger.getLogger("").setLevel(java.util.logging.Level.WARNING);
        // hundreds of key stores of pretend nodes, protected by their file modes: no need to slow guessing down
        for (String what : List.of("keyPbe", "certPbe", "mac")) {
            System.setProperty("keystore.pkcs12." + what + "IterationCount", "1");
        }
        Options options;
        List<LabPlan> plans;
        try {
            options = Options.parse(arguments);
            plans = plans(options);
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.err.println(Options.USAGE);
            System.exit(2);
            return;
        }
        SimulatorMain simulator = new SimulatorMain(options, System.out);
        Runtime.getRuntime().addShutdownHook(new Thread(simulator::stop));
        try {
            simulator.start(plans);
        } catch (Exception failed) {
            System.err.println("The simulator did not start: " + failed);
            failed.printStackTrace();
            System.exit(1);
        }
        if (options.withParent()) {
            Thread.ofPlatform().daemon().name("parent-watch").start(() -> exitWhenClosed(System.in));
        }
        new CountDownLatch(1).await();
    }

    private static List<LabPlan> plans(Options options) {
        List<LabPlan> plans = new ArrayList<>();
        for (String name : options.labs()) {
            plans.add(LabPlan.packed(name)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "There is no lab " + name + ". There are " + String.join(", ", LabPlan.names()) + ".")));
        }
        plans.addAll(GeneratedLabs.plans(options.nodes(), options.guests()));
        return plans;
    }

    private void start(List<LabPlan> plans) throws Exception {
        StateFolder state = new StateFolder(options.directory());
        if (options.openId()) {
            startOpenId(state);
        }
        if (!plans.isEmpty()) {
            startLabs(plans, state);
        }
        out.println("READY " + JsonMapper.shared().writeValueAsString(ready));
        out.flush();
    }

    private void startOpenId(StateFolder state) throws IOException {
        String secretFile = "secrets/openid-client-secret";
        OpenIdProvider provider = OpenIdProvider.start(port(1), state.secret(secretFile));
        running.push(provider);
        out.println("OpenID provider   " + provider.issuer());
        out.println("  client          " + OpenIdProvider.CLIENT_ID + ", secret in " + state.at(secretFile));
        out.println("  users           viewer, operator, admin (the password is the name)");
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("issuer", provider.issuer());
        told.put("clientId", OpenIdProvider.CLIENT_ID);
        told.put("clientSecretFile", state.at(secretFile).toString());
        ready.put("openid", told);
    }

    private void startLabs(List<LabPlan> plans, StateFolder state) throws IOException {
        ImageServer images = new ImageServer(options.portBase() == 0 ? 0 : options.portBase() + 2);
        running.push(images);
        KeyPair key = SshKeys.kept(state.at(KEY_FILE));
        Jails jails = new Jails(state.at("jails"));
        RunningLab.Common common = new RunningLab.Common(
                jails,
                state.root(),
                options.portBase(),
                options.speed(),
                SshKeys.line(key.getPublic(), "rackhouse-simulator"));
        List<RunningLab> labs = new ArrayList<>();
        for (LabPlan plan : plans) {
            String secret = plan.seed() == null ? "" : state.secret(LabsFile.tokenFile(plan.name()));
            RunningLab lab = RunningLab.start(plan.withTokenSecret(LabsFile.TOKEN, secret), common);
            running.push(lab);
            labs.add(lab);
        }
        ControlPanel control = new ControlPanel(labs, ready, options.portBase() == 0 ? 0 : options.portBase());
        running.push(control);
        String file =
                state.writePrivately("labs.yaml", LabsFile.of(labs, KEY_FILE)).toString();
        tell(labs, state, images, control, jails, file);
    }

    private void tell(
            List<RunningLab> labs,
            StateFolder state,
            ImageServer images,
            ControlPanel control,
            Jails jails,
            String file) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (RunningLab lab : labs) {
            all.put(lab.name(), told(lab, state));
            print(lab, state);
        }
        out.println("Labs file         " + file);
        out.println("SSH key           " + state.at(KEY_FILE) + " (user root on every machine)");
        out.println("Cloud image       " + images.url() + "\n  sha256          " + images.sha256());
        out.println("Control           " + control.url() + "   counters: " + control.url() + "/counters");
        out.println("Machines          "
                + (jails.strict() ? "each in namespaces of its own" : "without namespaces, by prefix"));
        ready.put("labs", all);
        ready.put("labsFile", file);
        ready.put("sshKeyFile", state.at(KEY_FILE).toString());
        ready.put("image", Map.of("url", images.url(), "sha256", images.sha256(), "name", ImageServer.NAME));
        ready.put("control", control.url());
        ready.put("strict", jails.strict());
    }

    private static Map<String, Object> told(RunningLab lab, StateFolder state) {
        Map<String, Object> one = new LinkedHashMap<>();
        if (!lab.endpoints().isEmpty()) {
            List<Map<String, String>> nodes = new ArrayList<>();
            for (NodeEndpoint endpoint : lab.endpoints()) {
                nodes.add(Map.of(
                        "node", endpoint.node(),
                        "url", endpoint.url().toString(),
                        "fingerprint", endpoint.fingerprint()));
            }
            one.put("proxmox", nodes);
            one.put("token", LabsFile.TOKEN);
            one.put("tokenSecretFile", state.at(LabsFile.tokenFile(lab.name())).toString());
            lab.proxmox()
                    .ifPresent(proxmox -> one.put("control", proxmox.control().toString()));
        }
        List<Map<String, Object>> hosts = new ArrayList<>();
        for (SimulatedMachine machine : lab.hosts()) {
            hosts.add(Map.of(
                    "node", machine.node(),
                    "port", lab.sshPort(machine.node()),
                    "hostKey", SshKeys.fingerprint(machine.hostKey())));
        }
        one.put("hosts", hosts);
        return one;
    }

    private void print(RunningLab lab, StateFolder state) {
        out.println("Lab " + lab.name());
        lab.endpoints().stream()
                .limit(MOST_SHOWN)
                .forEach(endpoint -> out.println(
                        "  %-15s %s  %s".formatted(endpoint.node(), endpoint.url(), endpoint.fingerprint())));
        if (!lab.endpoints().isEmpty()) {
            out.println(
                    "  token           " + LabsFile.TOKEN + ", secret in " + state.at(LabsFile.tokenFile(lab.name())));
        }
        lab.hosts().stream()
                .limit(MOST_SHOWN)
                .forEach(machine -> out.println("  %-15s ssh -p %d root@127.0.0.1  %s"
                        .formatted(
                                machine.node(), lab.sshPort(machine.node()), SshKeys.fingerprint(machine.hostKey()))));
        if (lab.hosts().size() > MOST_SHOWN) {
            out.println("  and " + (lab.hosts().size() - MOST_SHOWN) + " more machines, see the labs file");
        }
    }

    private int port(int offset) throws IOException {
        if (options.portBase() > 0) {
            return options.portBase() + offset;
        }
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void stop() {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception failed) {
                System.err.println("While stopping: " + failed);
            }
        }
    }

    private static void exitWhenClosed(InputStream in) {
        try {
            while (in.read() >= 0) {
                // nothing is said here; only the end counts
            }
        } catch (IOException closed) {
            // the same as the end
        }
        System.exit(0);
    }
}
