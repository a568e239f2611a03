package io.clusterstate.etcd;

import static io.clusterstate.EntityKind.TASK;
import static io.clusterstate.testing.Await.await;
import static io.clusterstate.testing.Entities.upsert;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.Coordination;
import io.clusterstate.spi.StateStoreException;
import io.clusterstate.spi.contract.TestClock;
import io.clusterstate.testing.Child;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.Soak;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.options.GetOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A day of tasks that stop, by a clock that is turned: two mirrors' stores with a new term each hour, an etcd that is
 * killed and elects a leader anew, and a reader in a process of its own.
 */
@Order(1) // since it takes the longest
class DayOfChurnTest {

    private static final String CLUSTER = Entities.clusterArn("prod");
    private static final String NAMESPACE = "churn/";
    private static final int HOURS = 24;
    private static final Duration KEPT = Duration.ofHours(1);
    private static final Duration REMEMBERED = Duration.ofHours(6);
    /** From here on as much ends as begins. */
    private static final int STEADY = 8;

    private static final int ETCD_RESTARTS_EVERY = 6;
    private static final double TOLERANCE = 0.1;
    private static final long HEAP_NOISE = 4 << 20;

    private final int stopsAMinute = Soak.size("tasks that stop in each minute of a day", 6, 60);
    private final TestClock clock = new TestClock();
    private final List<EtcdStateStore> stores = new ArrayList<>();
    private EtcdServer server;
    private Client client;
    private int lastTask;

    /** The state of affairs at the end of an hour. */
    private record Hour(int keys, long heap, int tasks, int loads) {}

    @BeforeEach
    void open() throws Exception {
        server = EtcdServer.launch(
                "--auto-compaction-mode",
                "revision",
                "--auto-compaction-retention",
                "1000",
                "--quota-backend-bytes",
                "8589934592");
        client = Client.builder().endpoints(server.endpoint()).build();
        stores.add(TestEtcd.leading(store()));
        stores.add(TestEtcd.following(store()));
        confirm(stores.get(0));
    }

    /** As a mirror that leads does after each pass. */
    private void confirm(EtcdStateStore leader) {
        Coordination coordination = leader.coordination().orElseThrow();
        coordination.confirm(new Confirmation(true, Optional.of(clock.instant()), Map.of()), coordination.term());
    }

    private EtcdStateStore store() {
        return EtcdStateStore.builder(Etcd.at(server.endpoint().toString()).namespace(NAMESPACE))
                .clock(clock)
                .keepEnded(KEPT)
                .keepTombstones(REMEMBERED)
                .leaderLease(Duration.ofSeconds(5))
                .build();
    }

    @AfterEach
    void close() {
        stores.forEach(EtcdStateStore::close);
        client.close();
        server.close();
    }

    @Test
    @Tag("soak")
    @Promise(3)
    void nothingGrowsAfterADay() throws Exception {
        List<Hour> hours = new ArrayList<>();
        try (Child reader =
                Child.start(HeapProcess.class, List.of(server.endpoint().toString(), NAMESPACE))) {
            await(() -> reader.hasPrinted("ready"));
            for (int hour = 1; hour <= HOURS; hour++) {
                runAnHour();
                hours.add(look(reader, hour));
                changeTheLeader();
                if (hour % ETCD_RESTARTS_EVERY == 0) {
                    restartEtcd();
                }
            }
        }
        System.out.printf("a day of %d stopped tasks a minute: %s%n", stopsAMinute, hours);

        assertIsFlat(hours);
        assertEquals(1, hours.get(HOURS - 1).loads(), "the reader has loaded once");
        stores.forEach(store -> assertEquals(1, store.follower().loads()));
    }

    private void assertIsFlat(List<Hour> hours) {
        double keys = stopsAMinute * (double) KEPT.plus(REMEMBERED).toMinutes();
        double tasks = stopsAMinute * (double) KEPT.toMinutes();
        long heap = hours.get(STEADY).heap();
        for (Hour hour : hours.subList(STEADY, HOURS)) {
            assertEquals(keys, hour.keys(), TOLERANCE * keys);
            assertEquals(tasks, hour.tasks(), TOLERANCE * tasks);
            assertTrue(
                    hour.heap() < heap * (1 + TOLERANCE) + HEAP_NOISE,
                    () -> "heap: " + hour.heap() + " (expected: about " + heap + ")");
        }
    }

    private void runAnHour() {
        for (int minute = 0; minute < 60; minute++) {
            clock.turn(Duration.ofMinutes(1));
            List<Change<?>> stops = IntStream.range(0, stopsAMinute)
                    .<Change<?>>mapToObj(i -> stopped(++lastTask))
                    .toList();
            EtcdStateStore store = stores.get(minute % stores.size());
            untilItSucceeds(() -> store.apply(stops));
            stores.forEach(each -> untilItSucceeds(each::expire));
        }
    }

    private Change<?> stopped(int number) {
        Instant now = clock.instant();
        return upsert(TASK, CLUSTER, Entities.task(CLUSTER, "task-" + number, task -> task.version(3L)
                .lastStatus("STOPPED")
                .stoppedAt(now)));
    }

    /** As a mirror does it. */
    private static void untilItSucceeds(Runnable write) {
        await(() -> {
            try {
                write.run();
                return true;
            } catch (StateStoreException e) {
                return false;
            }
        });
    }

    /** Takes the lead from the store that has it; either of them is next. */
    private void changeTheLeader() throws Exception {
        long term = awaitLeader().replica().marks().leader();
        long lease = client.getKVClient()
                .get(new Keys(NAMESPACE).leader())
                .get(60, TimeUnit.SECONDS)
                .getKvs()
                .get(0)
                .getLease();
        client.getLeaseClient().revoke(lease).get(60, TimeUnit.SECONDS);
        await(() -> leader().isPresent() && leader().get().replica().marks().leader() > term);
        confirm(awaitLeader());
    }

    private EtcdStateStore awaitLeader() {
        await(() -> leader().isPresent());
        return leader().orElseThrow();
    }

    private Optional<EtcdStateStore> leader() {
        return stores.stream()
                .filter(each -> each.coordination().orElseThrow().term() != 0)
                .findFirst();
    }

    /** A single member elects itself anew, and each lease then begins anew. */
    private void restartEtcd() throws Exception {
        server.kill();
        server.start();
        server.awaitUp();
        awaitLeader();
    }

    private Hour look(Child reader, int hour) throws Exception {
        String question = "hour-" + hour;
        reader.say(question);
        await(() -> reader.hasPrinted(question + " "));
        String[] words = reader.lines().stream()
                .filter(line -> line.startsWith(question + " "))
                .findFirst()
                .orElseThrow()
                .split(" ", 4);
        return new Hour(keys(), Long.parseLong(words[1]), Integer.parseInt(words[2]), Integer.parseInt(words[3]));
    }

    private int keys() throws Exception {
        Keys keys = new Keys(NAMESPACE);
        GetOption count = GetOption.builder()
                .withRange(keys.endOfEntities())
                .withCountOnly(true)
                .build();
        return (int) client.getKVClient()
                .get(keys.entities(), count)
                .get(60, TimeUnit.SECONDS)
                .getCount();
    }
}
