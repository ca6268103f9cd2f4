package dev.rackhouse.proxmox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rackhouse.base.RemoteFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Following a task to its end; time is counted, not waited for. */
class PveTasksTest {

    private static final Upid UPID = Upid.parse("UPID:pve1:0000023E:00061F56:6B0116F1:qmcreate:102:homelab@pve!op:");
    private final List<Duration> pauses = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private int looks;

    @Test
    void readsAUpid() {
        assertThat(UPID.node()).isEqualTo("pve1");
        assertThat(UPID.pid()).isEqualTo(574);
        assertThat(UPID.startedAt().getEpochSecond()).isEqualTo(1795233521);
        assertThat(UPID.user()).isEqualTo("homelab@pve!op");
        assertThat(Upid.find("UPID:n:0000023E:00061F56F:6B0116F1:aptupdate::root@pam:"))
                .isPresent();
        assertThat(Upid.find("OK")).isEmpty();
    }

    @Test
    void looksMoreRarelyWithTimeAndShowsEachLineOnce() throws InterruptedException {
        var outcome = tasks(look -> look < 10 ? "running" : "OK").await(UPID, line -> log.add(line.text()));

        assertThat(outcome).isInstanceOf(TaskOutcome.Succeeded.class);
        assertThat(pauses).hasSize(9).isSorted();
        assertThat(pauses.getFirst()).isEqualTo(Duration.ofSeconds(1));
        assertThat(pauses.getLast()).isEqualTo(Duration.ofSeconds(5));
        assertThat(log).doesNotHaveDuplicates().hasSize(11);
    }

    @Test
    void tellsTheEndsApart() throws InterruptedException {
        assertThat(tasks(look -> "WARNINGS: 2").await(UPID, line -> {}))
                .isInstanceOfSatisfying(
                        TaskOutcome.Warned.class, w -> assertThat(w.warnings()).isEqualTo(2));
        assertThat(tasks(look -> "start failed: QEMU exited with code 1").await(UPID, line -> {}))
                .isInstanceOfSatisfying(TaskOutcome.Failed.class, f -> {
                    assertThat(f.text()).startsWith("start failed");
                    assertThat(f.logTail()).isNotEmpty();
                });
        assertThat(tasks(look -> "unexpected status").await(UPID, line -> {})).isInstanceOf(TaskOutcome.Lost.class);
        assertThat(tasks(look -> {
                            throw new RemoteFailure.Refused("x", "y", "upid: no such task (400)", "", 400, false);
                        })
                        .await(UPID, line -> {}))
                .isInstanceOf(TaskOutcome.Lost.class);
    }

    @Test
    void forgivesANodeThatIsAwayForAWhileButNotForever() throws InterruptedException {
        assertThat(tasks(look -> {
                            if (look > 1 && look < 8) {
                                throw away();
                            }
                            return look < 8 ? "running" : "OK";
                        })
                        .await(UPID, line -> {}))
                .isInstanceOf(TaskOutcome.Succeeded.class);
        PveTasks gone = tasks(look -> {
            throw away();
        });
        assertThatThrownBy(() -> gone.await(UPID, line -> {})).isInstanceOf(RemoteFailure.Unreachable.class);
    }

    private static RemoteFailure away() {
        return new RemoteFailure.Unreachable("x", "y", "away", "wait", null);
    }

    /** Answers each look at the state with what the function says; the log grows by one line a look. */
    private PveTasks tasks(IntFunction<String> exits) {
        looks = 0;
        JsonMapper json = JsonMapper.builder().build();
        PveClient client = PveClient.over((doing, method, path, parameters) -> {
            String body;
            if (path.endsWith("/status")) {
                String exit = exits.apply(++looks);
                body = exit.equals("running")
                        ? "{\"status\":\"running\"}"
                        : "{\"status\":\"stopped\",\"exitstatus\":\"" + exit + "\"}";
            } else {
                long start = Long.parseLong(parameters.get("start").getFirst());
                List<String> rows = new ArrayList<>();
                for (long n = Math.max(1, start); n <= looks + 1; n++) {
                    rows.add("{\"t\":\"line " + n + "\",\"n\":" + n + "}");
                }
                body = "[" + String.join(",", rows) + "]";
            }
            return new PveAnswer(json.readTree(body), null, null, body);
        });
        return new PveTasks(client, pauses::add);
    }
}
