package io.clusterstate.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.Coordination;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.Txn;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A leader whose etcd answers a write so late that it gets the request three times by then. */
class SlowConfirmationTest {

    private static final Duration TIMEOUT = Duration.ofMillis(4_500);
    private static final Executor LATE = CompletableFuture.delayedExecutor(1_800, TimeUnit.MILLISECONDS);

    private final EtcdStateStore leader = TestEtcd.leading(EtcdStateStore.builder(TestEtcd.byAddress())
            .leaderLease(Duration.ofMinutes(5))
            .build());
    private final Coordination coordination = leader.coordination().orElseThrow();

    @AfterEach
    void close() {
        leader.close();
    }

    @Test
    @Promise(6)
    void aConfirmationSucceedsWhileOthersWriteAllTheTime() throws Exception {
        long term = coordination.term();
        Map<String, Instant> clusters = Map.of(Entities.clusterArn("busy"), Instant.EPOCH);
        Confirmation next = new Confirmation(true, Optional.of(Instant.EPOCH), clusters);
        Transactions others = new Transactions(leader.etcd());
        EtcdNamespace late = new EtcdNamespace(
                EtcdConnection.through(late(Client.class, TestEtcd.client()), "late etcd", TIMEOUT),
                leader.etcd().reads(),
                leader.etcd().keys());
        LeaderWriter confirming = new LeaderWriter(late, leader.replica(), new Transactions(late), 10);

        confirming.confirm(next, term, () -> {
            write(others);
            return term;
        });

        assertEquals(next, coordination.confirmation());
    }

    private static void write(Transactions transactions) {
        try {
            transactions.commit(List.of(), List.of());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A part of a client, whose answers come late. */
    private static <T> T late(Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> late(method.invoke(real, arguments))));
    }

    private static Object late(Object result) {
        if (result instanceof KV part) {
            return late(KV.class, part);
        }
        if (result instanceof Txn part) {
            return late(Txn.class, part);
        }
        return result instanceof CompletableFuture<?> answer ? answer.thenApplyAsync(each -> each, LATE) : result;
    }
}
