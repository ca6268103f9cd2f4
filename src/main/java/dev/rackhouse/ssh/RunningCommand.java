package dev.rackhouse.ssh;

/** A command that runs on another machine. */
public interface RunningCommand {

    /**
     * Waits for the end.
     *
     * @throws dev.rackhouse.base.RemoteFailure when the connection broke (what the command did is not known) or the time ran out
     *     (then the remote work was ended)
     * @throws java.util.concurrent.CancellationException when it was cancelled, or the waiting thread was interrupted; the remote
     *     work was ended
     */
    CommandResult join();

    /**
     * Ends the remote work: its process group gets TERM, after five seconds KILL, over a channel of its own. Returns at once;
     * {@link #join()} returns when it is done.
     */
    void cancel();
}
