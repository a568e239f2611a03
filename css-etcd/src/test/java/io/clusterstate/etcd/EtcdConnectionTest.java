package io.clusterstate.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etcd.jetcd.Client;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** What callers see of requests that have no answer, or a bad one. */
class EtcdConnectionTest {

    /** Long enough for threads that a busy machine halts for a while. */
    private static final Duration LIMIT = Duration.ofSeconds(6);

    private final AtomicInteger requests = new AtomicInteger();
    private final EtcdConnection<Client> connection =
            EtcdConnection.ofOurOwn(EtcdConnectionTest::client, Client::close, "etcd", LIMIT);

    private static Client client() {
        return Client.builder().endpoints("http://127.0.0.1:1").build();
    }

    /** As jetcd does in a JVM that shuts down, where Vert.x can register nothing any more. */
    @Test
    void aCallThatCannotBeMadeIsAFailureLikeAnyOther() {
        EtcdFailure failure = assertThrows(
                EtcdFailure.class,
                () -> connection.call("giving a lease back", client -> {
                    throw new IllegalStateException("Shutdown in progress");
                }));

        assertEquals("etcd: giving a lease back: Shutdown in progress", failure.getMessage());
    }

    @Test
    void aClientThatCannotBeMadeIsAFailureAndIsMadeByALaterCall() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        try (EtcdConnection<Client> late = EtcdConnection.ofOurOwn(
                () -> {
                    if (attempts.incrementAndGet() == 1) {
                        throw new IllegalArgumentException("authority: ca.pem (expected: a PEM file of certificates)");
                    }
                    return client();
                },
                Client::close,
                "etcd",
                LIMIT)) {
            EtcdFailure failure = assertThrows(EtcdFailure.class, () -> late.call("a read", requests(i -> done("1"))));

            assertEquals("etcd: authority: ca.pem (expected: a PEM file of certificates)", failure.getMessage());
            assertEquals("1", late.call("a read", requests(i -> done("1"))));
        }
    }

    @Test
    void aRequestWithoutAnAnswerIsRepeatedAndTheFirstAnswerCounts() throws Exception {
        CompletableFuture<String> first = new CompletableFuture<>();
        String answer = connection.call("a read", requests(i -> {
            if (i == 3) {
                first.complete("1");
            }
            return i == 1 ? first : new CompletableFuture<>();
        }));

        assertEquals("1", answer);
        assertEquals(0, connection.replaced(), "the first connection is not silent");
    }

    @Test
    void aRequestThatNeverHasAnAnswerFailsInTime() {
        long begun = System.nanoTime();

        EtcdFailure failure = assertThrows(
                EtcdFailure.class, () -> connection.call("a read", requests(i -> new CompletableFuture<>())));

        assertEquals("etcd: a read: no answer within PT6S", failure.getMessage());
        assertTrue(System.nanoTime() - begun >= LIMIT.toNanos());
        assertEquals(5, requests.get(), "one, and two after each third of the time");
    }

    @Test
    void aClientWithASilentConnectionIsReplacedWhenAnotherAnswers() throws Exception {
        assertEquals("2", connection.call("a read", requests(i -> i == 1 ? new CompletableFuture<>() : done("2"))));
        assertEquals(1, connection.replaced());

        requests.set(0);
        connection.call("a read", requests(i -> i == 1 ? new CompletableFuture<>() : done("2")));
        assertEquals(1, connection.replaced(), "not so soon again: a member may be slow");
    }

    @Test
    void aLateAnswerIsNoSilenceAndEndsTheRepetitions() throws Exception {
        CompletableFuture<String> first = new CompletableFuture<>();
        first.completeOnTimeout("1", LIMIT.toMillis() / 2, TimeUnit.MILLISECONDS);
        List<CompletableFuture<String>> repetitions = List.of(new CompletableFuture<>(), new CompletableFuture<>());

        assertEquals("1", connection.call("a page", requests(i -> i == 1 ? first : repetitions.get(i - 2))));

        assertEquals(0, connection.replaced());
        assertTrue(repetitions.stream().allMatch(CompletableFuture::isCancelled));
    }

    @Test
    void aRequestThatFailsSinceItsClientWasReplacedIsSentThroughTheNext() throws Exception {
        String answer = connection.call("a read", requests(i -> {
            if (i > 2) {
                return done("3");
            }
            connection.renew();
            return unavailable(i);
        }));

        assertEquals("3", answer);
        assertEquals(2, connection.replaced());
    }

    @Test
    void allRequestsThatFailSinceTheirClientWasReplacedAreSentOnceMoreThroughTheNext() throws Exception {
        List<CompletableFuture<String>> underWay =
                List.of(new CompletableFuture<>(), new CompletableFuture<>(), new CompletableFuture<>());
        String answer = connection.call("a read", requests(i -> {
            if (i > 3) {
                return done("4");
            }
            if (i == 3) {
                connection.renew();
                underWay.forEach(each -> each.completeExceptionally(Status.UNAVAILABLE.asRuntimeException()));
            }
            return underWay.get(i - 1);
        }));

        assertEquals("4", answer);
        assertEquals(4, requests.get());
    }

    @Test
    void aShorterLimitProvesNothingAboutTheClient() throws Exception {
        connection.call("a read", LIMIT.dividedBy(2), requests(i -> i == 1 ? new CompletableFuture<>() : done("2")));

        assertEquals(0, connection.replaced());
    }

    @Test
    void aFailureOfTheConnectionIsRepeatedAtOnceAndASecondIsNot() throws Exception {
        assertEquals("2", connection.call("a read", requests(i -> i == 1 ? unavailable(i) : done("2"))));
        assertEquals(2, requests.get());

        requests.set(0);
        EtcdFailure failure = assertThrows(
                EtcdFailure.class, () -> connection.call("a read", requests(EtcdConnectionTest::unavailable)));
        assertEquals("etcd: a read: UNAVAILABLE: no leader", failure.getMessage());
        assertEquals(2, requests.get());
    }

    @Test
    void aRefusalIsNotRepeated() {
        assertThrows(
                EtcdFailure.class,
                () -> connection.call(
                        "a read",
                        requests(i -> CompletableFuture.failedFuture(Status.PERMISSION_DENIED.asRuntimeException()))));

        assertEquals(1, requests.get());
    }

    private Function<Client, CompletableFuture<String>> requests(IntFunction<CompletableFuture<String>> answers) {
        return client -> answers.apply(requests.incrementAndGet());
    }

    private static CompletableFuture<String> done(String answer) {
        return CompletableFuture.completedFuture(answer);
    }

    private static CompletableFuture<String> unavailable(int request) {
        return CompletableFuture.failedFuture(
                Status.UNAVAILABLE.withDescription("no leader").asRuntimeException());
    }
}
