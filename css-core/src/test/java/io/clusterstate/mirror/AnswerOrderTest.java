package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.EntityKind;
import io.clusterstate.Origin;
import io.clusterstate.StoreLink;
import io.clusterstate.internal.ecs.ApiBudget;
import io.clusterstate.internal.ecs.ApiCounters;
import io.clusterstate.internal.ecs.DescribeAnswers;
import io.clusterstate.internal.ecs.EcsApi;
import io.clusterstate.internal.ecs.Inventory;
import io.clusterstate.internal.ecs.ServiceEvents;
import io.clusterstate.internal.loop.ClockSteps;
import io.clusterstate.internal.loop.Environment;
import io.clusterstate.internal.loop.MonotonicTime;
import io.clusterstate.spi.Delivery;
import io.clusterstate.spi.Upsert;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.DescribeServicesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServicesResponse;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.Service;

/** Of two API answers about a service, which has no version, the later answer of ECS stands. */
class AnswerOrderTest {

    private static final String CLUSTER = Entities.clusterArn("prod");
    private static final Service SERVICE = Entities.service("prod", "web");

    private final TestTime time = new TestTime();
    private final ReferenceStore store = new ReferenceStore(time, Duration.ofHours(1), Duration.ofDays(1));
    private final CountingEcs ecs = new CountingEcs();
    private Runnable inThePause = () -> {};

    @Test
    void aQuestionThatWaitedForItsTurnIsNotOlderThanItsAnswer() throws InterruptedException {
        ReconcileContext context = context();
        DescribeQueue describeQueue = new DescribeQueue(time, new ApiBudget(1, time));
        ScriptedSource source = new ScriptedSource();
        DescribeWorker describeWorker = new DescribeWorker(describeQueue, context, source, new EventCounters(time));
        describeQueue.hint(EntityKind.SERVICE, CLUSTER, SERVICE.serviceArn(), delivery(), false);
        time.advance(Duration.ofSeconds(1));
        ecs.refusesNext = true;
        inThePause = () -> { // a pass describes the service meanwhile, and then it changes once more
            time.advance(Duration.ofSeconds(2));
            ecs.desired = 2;
            describe(context);
            time.advance(Duration.ofSeconds(2));
            ecs.desired = 3;
        };

        describeWorker.step(() -> {});

        assertEquals(1, source.settled().size());
        assertEquals(3, shown());
    }

    @Test
    void anAnswerIsNotOlderThanThatOfAProcessWhoseClockWasAhead() throws InterruptedException {
        Service stale = SERVICE.toBuilder().desiredCount(9).build();
        store.apply(List.of(Upsert.of(
                EntityKind.SERVICE,
                CLUSTER,
                stale,
                Origin.RECONCILE,
                time.instant().plus(Duration.ofHours(6)))));
        ReconcileContext context = context();

        describe(context); // finds out that the store's stamp is later
        describe(context);

        assertEquals(1, shown());
    }

    private int shown() {
        return store.snapshot().service(SERVICE.serviceArn()).orElseThrow().desiredCount();
    }

    private static void describe(ReconcileContext context) {
        try {
            DescribeAnswers<Service> answers = new Inventory(context.api(), new ApiCounters(), () -> {})
                    .describe(EntityKind.SERVICE, CLUSTER, List.of(SERVICE.serviceArn()));
            context.applyFound(EntityKind.SERVICE, service -> CLUSTER, answers, Origin.RECONCILE);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Delivery delivery() {
        return new Delivery("m", "", "r", time.instant(), Optional.empty(), 1);
    }

    private ReconcileContext context() {
        MonotonicTime pausing = new MonotonicTime() {
            @Override
            public long nanos() {
                return time.nanos();
            }

            @Override
            public void pause(Duration pause) throws InterruptedException {
                Runnable once = inThePause;
                inThePause = () -> {};
                once.run();
                time.pause(pause);
            }
        };
        Environment environment = new Environment(time, pausing, Thread::new, new Random(1));
        NoCoordination alone = new NoCoordination(() -> StoreLink.LOCAL);
        return new ReconcileContext(
                store,
                new EcsApi(ecs, new ApiBudget(1, time), new ApiCounters(), environment, new ServiceEvents(10)),
                new DescribePool(1, environment),
                new Selection(Clusters.all(), List.of(EntityKind.SERVICE)),
                Duration.ofMinutes(5),
                alone,
                new FreshnessTracker(alone, new ClockSteps(time, time::nanos), Duration.ofMinutes(5)),
                new RevisionTimes(time, Duration.ofMinutes(5)),
                environment);
    }

    private static final class CountingEcs implements EcsClient {

        private int desired = 1;
        private boolean refusesNext;

        @Override
        public DescribeServicesResponse describeServices(DescribeServicesRequest request) {
            if (refusesNext) {
                refusesNext = false;
                throw EcsException.builder()
                        .statusCode(400)
                        .awsErrorDetails(AwsErrorDetails.builder()
                                .errorCode("ThrottlingException")
                                .errorMessage("Rate exceeded")
                                .build())
                        .build();
            }
            return DescribeServicesResponse.builder()
                    .services(SERVICE.toBuilder().desiredCount(desired).build())
                    .build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
