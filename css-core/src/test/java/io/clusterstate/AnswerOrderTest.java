package io.clusterstate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.internal.loop.ClockSteps;
import io.clusterstate.internal.loop.MonotonicTime;
import io.clusterstate.internal.loop.Surroundings;
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

/** Of two API answers about a service, which has no version, the one that ECS gave later stands. */
class AnswerOrderTest {

    private static final String CLUSTER = Entities.clusterArn("prod");
    private static final Service SERVICE = Entities.service("prod", "web");

    private final TestTime time = new TestTime();
    private final ReferenceStore store = new ReferenceStore(time, Duration.ofHours(1), Duration.ofDays(1));
    private final CountingEcs ecs = new CountingEcs();
    private Runnable inThePause = () -> {};

    @Test
    void aQuestionThatWaitedForItsTurnIsNotOlderThanItsAnswer() throws InterruptedException {
        ReconcileTools tools = tools();
        ApiBudget budget = tools.api().budget();
        Enquiries enquiries = new Enquiries(time, budget);
        ScriptedSource source = new ScriptedSource();
        Describer describer = new Describer(enquiries, tools, source, new EventTally(time));
        enquiries.hint(EntityKind.SERVICE, CLUSTER, SERVICE.serviceArn(), delivery(), false);
        time.advance(Duration.ofSeconds(1));
        ecs.refusesNext = true;
        inThePause = () -> { // a pass describes the service meanwhile, and then it changes once more
            time.advance(Duration.ofSeconds(2));
            ecs.desired = 2;
            describe(tools);
            time.advance(Duration.ofSeconds(2));
            ecs.desired = 3;
        };

        describer.step(() -> {});

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
        ReconcileTools tools = tools();

        describe(tools); // finds out that the store's stamp is later
        describe(tools);

        assertEquals(1, shown());
    }

    private int shown() {
        return store.snapshot().service(SERVICE.serviceArn()).orElseThrow().desiredCount();
    }

    private static void describe(ReconcileTools tools) {
        try {
            DescribeAnswers<Service> answers = new Inventory(tools.api(), new ApiTally(), () -> {})
                    .describe(EntityKind.SERVICE, CLUSTER, List.of(SERVICE.serviceArn()));
            tools.applyFound(EntityKind.SERVICE, service -> CLUSTER, answers, Origin.RECONCILE);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Delivery delivery() {
        return new Delivery("m", "", "r", time.instant(), Optional.empty(), 1);
    }

    private ReconcileTools tools() {
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
        Surroundings surroundings = new Surroundings(time, pausing, Thread::new, new Random(1));
        Alone alone = new Alone(() -> StoreLink.LOCAL);
        return new ReconcileTools(
                store,
                new EcsApi(ecs, new ApiBudget(1, time), new ApiTally(), surroundings, new ServiceEvents(10)),
                new Crew(1, surroundings),
                new Selection(Clusters.all(), List.of(EntityKind.SERVICE)),
                Duration.ofMinutes(5),
                alone,
                new FreshnessBook(alone, new ClockSteps(time, time), Duration.ofMinutes(5)),
                new RevisionTimes(time, Duration.ofMinutes(5)),
                surroundings);
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
