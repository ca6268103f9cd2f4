package dev.rackhouse.integration.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.core.RemoteApiVersion;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.integration.HttpFailures;
import dev.rackhouse.integration.HttpReply;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a Docker engine tells about its containers and images, as small records; texts are cut, and values of the environment that look
 * like secrets are left out. All methods block.
 */
public final class Containers {

    /** How the engine is asked: one {@code GET} of a literal path, with a time limit of the asker's. */
    @FunctionalInterface
    public interface Engine {
        /** @throws RemoteFailure when there was no whole answer */
        HttpReply get(String path);
    }

    /** Lines of a log that are asked for at most. */
    public static final int MOST_LINES = 5_000;

    private static final RemoteApiVersion VERSION = RemoteApiVersion.create(1, 44);
    /** What can name a container or an image; anything else names none, and does not get into a path. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.:/@-]{0,254}");

    private final Engine engine;
    private final String machine;
    private final DockerClient docker;

    /** @param machine as messages name it */
    public Containers(Engine engine, String machine) {
        this.engine = engine;
        this.machine = machine;
        this.docker = DockerClientImpl.getInstance(new PlainConfig(VERSION), new WholeAnswers(engine, machine));
    }

    /**
     * All containers, also those that do not run.
     *
     * @throws RemoteFailure when the engine was not reached, refused, or its answer cannot be read
     */
    public List<ContainerLine> list() {
        return read(
                        "list the containers",
                        () -> docker.listContainersCmd().withShowAll(true).exec())
                .stream()
                .map(ContainerLine::of)
                .toList();
    }

    /** One container, by name or id; empty when there is none. */
    public Optional<ContainerDetails> find(String name) {
        return readIfThere(
                        name,
                        "inspect container " + HttpFailures.line(name),
                        () -> docker.inspectContainerCmd(name).exec())
                .map(ContainerDetails::of);
    }

    /** How an image starts; empty when it is not on the machine. */
    public Optional<ImageDetails> image(String name) {
        return readIfThere(
                        name,
                        "inspect image " + HttpFailures.line(name),
                        () -> docker.inspectImageCmd(name).exec())
                .map(ImageDetails::of);
    }

    /**
     * What a container wrote, standard output and error together, oldest first. To follow a log, ask again with {@link LogPart#next()}:
     * that needs no channel that stays open.
     *
     * @param since from then on; {@link Instant#EPOCH} for the whole log
     * @param tail at most so many lines, the newest; up to {@value #MOST_LINES}
     * @return empty when there is no such container
     */
    public Optional<LogPart> log(String name, Instant since, int tail) {
        if (!named(name)) {
            return Optional.empty();
        }
        String doing = "read the log of container " + HttpFailures.line(name);
        HttpReply reply = engine.get("/" + VERSION.asWebPathPart() + "/containers/" + name
                + "/logs?stdout=true&stderr=true&timestamps=true&tail=" + Math.clamp(tail, 1, MOST_LINES) + "&since="
                + since.getEpochSecond() + "." + "%09d".formatted(since.getNano()));
        if (reply.status() == 404) {
            return Optional.empty();
        }
        if (reply.status() != 200) {
            throw refused(doing, reply.status(), reply.text());
        }
        return Optional.of(LogPart.of(reply.text(), since, reply.truncated()));
    }

    private static boolean named(String name) {
        return NAME.matcher(name).matches() && !name.contains("..");
    }

    private <T> Optional<T> readIfThere(String name, String doing, Supplier<T> reading) {
        if (!named(name)) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(doing, reading));
        } catch (NotFoundException absent) {
            return Optional.empty();
        }
    }

    /** The answer lies in memory when the library reads it, so whatever goes wrong then is the answer's fault. */
    private <T> T read(String doing, Supplier<T> reading) {
        try {
            T read = reading.get();
            if (read == null) {
                throw unreadable(doing, "null", null);
            }
            return read;
        } catch (RemoteFailure | NotFoundException e) {
            throw e;
        } catch (DockerException e) {
            throw refused(doing, e.getHttpStatus(), e.getMessage() == null ? "" : e.getMessage());
        } catch (RuntimeException e) {
            Throwable cause = e.getCause() instanceof IOException io ? io : e;
            throw unreadable(doing, HttpFailures.said(cause), e);
        }
    }

    private RemoteFailure refused(String doing, int status, String said) {
        return new RemoteFailure.Refused(
                doing,
                machine,
                "Docker answers " + status + ": " + HttpFailures.line(said),
                "See what Docker's journal says there: journalctl -u docker.",
                status,
                status >= 500);
    }

    private RemoteFailure unreadable(String doing, String said, @Nullable RuntimeException e) {
        return new RemoteFailure.Unreadable(
                doing,
                machine,
                "what came back is no answer of Docker: " + said,
                "Look at it there: docker system dial-stdio must lead to a Docker engine, 25 or newer.",
                e);
    }
}
