package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.testing.DelegatingStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.EcsServiceClientConfiguration;

/** The builder of many mirrors turns a description into mirrors, or refuses it. */
class MirrorsBuilderTest {

    private static final String ROLE = "arn:aws:iam::111122223333:role/css";

    private final List<TestClient> clients = new ArrayList<>();
    private final List<ScriptedSource> sources = new ArrayList<>();
    private final List<ClosableStore> stores = new ArrayList<>();

    @Test
    void placesAreTheRegionsOfEachAccountAndFurtherOnes() {
        Mirrors mirrors = builder("eu-west-1", "us-east-1")
                .roles(ROLE, "arn:aws:iam::444455556666:role/path/css")
                .places(MirrorPlace.of("ap-south-1"))
                .build();

        assertEquals(
                List.of(
                        "111122223333/eu-west-1",
                        "444455556666/eu-west-1",
                        "111122223333/us-east-1",
                        "444455556666/us-east-1",
                        "ap-south-1"),
                List.copyOf(mirrors.mirrors().keySet()));
        assertEquals(5, clients.size());
        mirrors.close();
    }

    @Test
    void aPlaceKnowsItsAccountAndItsHome() {
        MirrorPlace place = MirrorPlace.of("cn-north-1", "arn:aws-cn:iam::111122223333:role/css");
        assertEquals(Optional.of("111122223333"), place.account());
        assertEquals(Optional.of("arn:aws-cn:ecs:cn-north-1:111122223333:cluster/default"), place.anyArn());
        assertEquals(Optional.empty(), MirrorPlace.of("us-gov-west-1").anyArn());
        assertEquals(
                "region: Ireland (expected: an id, such as eu-west-1)",
                refusal(IllegalArgumentException.class, () -> MirrorPlace.of("Ireland")));
        assertEquals(
                "role: css (expected: the ARN of a role, such as arn:aws:iam::111122223333:role/css)",
                refusal(IllegalArgumentException.class, () -> MirrorPlace.of("eu-west-1", "css")));
    }

    @Test
    void aPlaceThatComesTwiceIsRefused() {
        assertEquals(
                "place: 111122223333/eu-west-1 twice (expected: each account and Region once)",
                refusal(
                        IllegalArgumentException.class,
                        () -> builder("eu-west-1").roles(ROLE, ROLE + "2").build()));
        assertEquals("places: none (expected: regions, or places)", refusal(IllegalStateException.class, () -> builder()
                .build()));
        assertEquals(
                "ecs: not given (expected: a function, before build)",
                refusal(
                        IllegalStateException.class,
                        () -> Mirrors.builder().regions("eu-west-1").build()));
    }

    @Test
    void aFunctionThatFailsIsNamedWithItsPlaceAndWhatWasMadeIsClosed() {
        RuntimeException failure = new IllegalArgumentException("no such queue");
        MirrorsBuilder builder = builder("eu-west-1", "us-east-1").events(place -> {
            if (place.region().equals("us-east-1")) {
                throw failure;
            }
            return source();
        });

        IllegalStateException thrown = assertThrows(IllegalStateException.class, builder::build);

        assertEquals("place us-east-1: events: no such queue", thrown.getMessage());
        assertSame(failure, thrown.getCause());
        assertTrue(sources.get(0).isClosed());
        assertTrue(stores.get(0).isClosed);
        assertEquals(2, clients.size());
        assertFalse(clients.get(0).isClosed, "a client belongs to the host");

        assertThrows(IllegalStateException.class, () -> builder.closingClients().build());
        assertTrue(clients.get(2).isClosed && clients.get(3).isClosed);
    }

    @Test
    void settingsThatFailAreNamedWithTheirPlace() {
        assertEquals(
                "place eu-west-1: each: pollers: 0 (expected: >= 1)",
                refusal(IllegalStateException.class, () -> builder("eu-west-1")
                        .each((place, builder) -> builder.pollers(0))
                        .build()));
    }

    @Test
    void aPartOfTwoPlacesIsRefused() {
        ReferenceStore store = new ReferenceStore();
        assertEquals(
                "place us-east-1: store: the same as of place eu-west-1 (expected: one for each place)",
                refusal(IllegalArgumentException.class, () -> builder("eu-west-1", "us-east-1")
                        .store(place -> store)
                        .build()));
        ScriptedSource source = new ScriptedSource();
        assertEquals(
                "place us-east-1: events: the same as of place eu-west-1 (expected: one for each place)",
                refusal(IllegalArgumentException.class, () -> builder("eu-west-1", "us-east-1")
                        .events(place -> source)
                        .build()));
    }

    @Test
    void aFunctionThatMakesNothingIsNamed() {
        assertEquals(
                "place eu-west-1: store: null (expected: one for the place)",
                refusal(
                        IllegalStateException.class,
                        () -> builder("eu-west-1").store(place -> null).build()));
        assertTrue(sources.get(0).isClosed());
    }

    @Test
    void aClientOfAnotherRegionIsRefused() {
        assertEquals(
                "place eu-west-1: ecs: a client of us-east-1 (expected: of eu-west-1)",
                refusal(IllegalArgumentException.class, () -> builder("eu-west-1")
                        .ecs(place -> new TestClient(Region.US_EAST_1))
                        .build()));
        builder("eu-west-1").ecs(place -> new TestClient(null)).build().close(); // it need not say
    }

    @Test
    void eachPartIsClosedWithItsMirrorAndAClientIfThatIsWanted() {
        builder("eu-west-1").build().close();
        assertTrue(sources.get(0).isClosed() && stores.get(0).isClosed);
        assertFalse(clients.get(0).isClosed);

        builder("eu-west-1").closingClients().build().close();
        assertTrue(clients.get(1).isClosed);
    }

    @Test
    void tooFewThreadsAreRefusedWithTheLeastNumber() {
        Consumer<Integer> build = threads ->
                builder("eu-west-1", "us-east-1").threadsAtMost(threads).build().close();
        assertEquals(
                "threadsAtMost: 13 (expected: >= 14, 7 for each of 2 places)",
                refusal(IllegalArgumentException.class, () -> build.accept(13)));
        build.accept(14);
        assertEquals(
                "threadsAtMost: 0 (expected: >= 1)",
                refusal(IllegalArgumentException.class, () -> Mirrors.builder().threadsAtMost(0)));
    }

    private MirrorsBuilder builder(String... regions) {
        return Mirrors.builder()
                .regions(regions)
                .ecs(place -> {
                    clients.add(new TestClient(Region.of(place.region())));
                    return clients.get(clients.size() - 1);
                })
                .events(place -> source())
                .store(place -> {
                    stores.add(new ClosableStore(new ReferenceStore()));
                    return stores.get(stores.size() - 1);
                });
    }

    private ScriptedSource source() {
        ScriptedSource made = new ScriptedSource();
        sources.add(made);
        return made;
    }

    private static String refusal(Class<? extends Exception> type, Runnable refused) {
        return assertThrows(type, refused::run).getMessage();
    }

    private static final class TestClient implements EcsClient {

        private final Region region;
        private boolean isClosed;

        TestClient(Region region) {
            this.region = region;
        }

        @Override
        public String serviceName() {
            return "ecs";
        }

        @Override
        public EcsServiceClientConfiguration serviceClientConfiguration() {
            if (region == null) {
                throw new UnsupportedOperationException();
            }
            return EcsServiceClientConfiguration.builder().region(region).build();
        }

        @Override
        public void close() {
            isClosed = true;
        }
    }

    private static final class ClosableStore implements DelegatingStore {

        private final ReferenceStore store;
        private boolean isClosed;

        ClosableStore(ReferenceStore store) {
            this.store = store;
        }

        @Override
        public ReferenceStore store() {
            return store;
        }

        @Override
        public void close() {
            isClosed = true;
            store.close();
        }
    }
}
