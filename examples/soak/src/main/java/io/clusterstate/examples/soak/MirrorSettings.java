package io.clusterstate.examples.soak;

import io.clusterstate.etcd.Etcd;
import io.clusterstate.etcd.EtcdStateStore;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.EventSource;
import io.clusterstate.spi.StateStore;
import io.clusterstate.sqs.SqsEventSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The settings of all mirrors: those of a real account with shorter times. */
final class MirrorSettings {

    /** Longer than ended tasks stay in the simulated ECS, so that a listing never brings one back. */
    static final Duration KEEP_ENDED = Duration.ofSeconds(30);
    /** Longer than the largest step of a clock, so that a step forgets no recent removal. */
    static final Duration KEEP_TOMBSTONES = Duration.ofMinutes(15);

    /** Small, so that a listener that falls behind receives resets. */
    private static final int JOURNAL = 300;

    private static final Duration RECONCILE_EVERY = Duration.ofSeconds(5);
    /** The simulated lists are up to five seconds old. */
    private static final Duration ALLOWANCE = Duration.ofSeconds(6);

    private static final Duration LEASE = Duration.ofSeconds(4);
    private static final Duration STALE_AFTER = Duration.ofSeconds(4);
    private static final Duration ETCD_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration POLL = Duration.ofSeconds(1);

    private MirrorSettings() {}

    static ClusterMirror mirror(
            EcsClient ecs, EventSource events, StateStore store, InstantSource clock, ThreadFactory threads) {
        return ClusterMirror.builder()
                .ecs(ecs)
                .events(events)
                .store(store)
                .clock(clock)
                .threads(threads)
                .reconcileEvery(RECONCILE_EVERY)
                .consistencyAllowance(ALLOWANCE)
                .build();
    }

    static SqsEventSource events(SqsClient sqs, String queueUrl, InstantSource clock) {
        return SqsEventSource.of(sqs, queueUrl).waitingUpTo(POLL).withClock(clock);
    }

    static EtcdStateStore store(Etcd etcd, InstantSource clock, ThreadFactory threads) {
        return EtcdStateStore.builder(etcd.timeout(ETCD_TIMEOUT))
                .journal(journal())
                .clock(clock)
                .threads(threads)
                .keepEnded(KEEP_ENDED)
                .keepTombstones(KEEP_TOMBSTONES)
                .leaderLease(LEASE)
                .staleAfter(STALE_AFTER)
                .build();
    }

    static ChangeJournal journal() {
        return new ChangeJournal(JOURNAL);
    }
}
