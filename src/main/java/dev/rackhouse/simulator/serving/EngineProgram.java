package dev.rackhouse.simulator.serving;

import com.sun.net.httpserver.HttpHandler;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What all pretend engines share: one port, an end when they are asked for it, and everything given back however they ended. */
abstract class EngineProgram implements Program {
    final Launch launch;
    private volatile boolean asked;
    private volatile @Nullable Web web;
    private volatile @Nullable Thread runner;

    EngineProgram(Launch launch) {
        this.launch = launch;
    }

    /** Loads and serves until it is interrupted. @return its exit code when it ends by itself */
    abstract int work() throws Refusal, InterruptedException;

    /** Its port is closed; it may say something last. @return its exit code */
    abstract int leave() throws InterruptedException;

    @Override
    public final int run() throws InterruptedException {
        runner = Thread.currentThread();
        try {
            return work();
        } catch (Refusal refused) {
            launch.log().err(refused.printed());
            return refused.code();
        } catch (InterruptedException stopped) {
            if (!asked) {
                throw stopped;
            }
            close();
            return leave();
        }
    }

    /** From now on it answers at a port of its container, and at the computer's port to which that leads. */
    final void open(int port, HttpHandler handler) {
        Web opened = new Web(handler);
        web = opened;
        Integer outside = launch.ports().get(port);
        if (outside != null) {
            launch.computer().ports().listen(outside, launch.holder(), opened.address());
        }
    }

    @Override
    public final void terminate() {
        asked = true;
        interrupt();
    }

    /** Unless it was asked to end, as the kernel does it when main memory runs out: nobody is asked. */
    final void interrupt() {
        Thread running = runner;
        if (running != null) {
            running.interrupt();
        }
    }

    /** It gives back what else it held. */
    void gone() {}

    private void close() {
        Web open = web;
        web = null;
        launch.computer().ports().release(launch.holder());
        if (open != null) {
            open.close();
        }
    }

    @Override
    public final void ended() {
        close();
        gone();
        processes().keySet().forEach(launch.computer().gpus()::release);
    }

    @Override
    public abstract Map<Integer, String> processes();
}
