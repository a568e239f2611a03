package io.clusterstate.etcd;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request to etcd that is sent again while it has no answer, and once more after a failure. The first answer counts.
 * If a client was replaced, what it has under way fails, and is sent through the next one.
 *
 * <p>A member that hangs keeps its connections open and answers nothing. Round robin gives it its share of the requests
 * until gRPC notices that, after 13 seconds. A repetition is sent twice: of two members in a row, one does not hang.
 *
 * <p>Thread: one thread at a time.
 */
final class EtcdCall<C, R> {

    /** The equal parts of the time limit; at the end of each, the request is repeated. */
    private static final int PARTS = 3;

    /** The requests of a repetition. */
    private static final int REPETITION = 2;

    /** A failure may come from one member, and is then repeated at once. */
    private static final int MOST_FAILURES = 2;

    /**
     * An attempt.
     *
     * @param client the client that sent it
     * @param answer the answer of etcd
     * @param sentAt the time of sending, by {@link System#nanoTime}
     */
    private record Attempt<C, R>(C client, CompletableFuture<R> answer, long sentAt) {

        boolean isAnswered() {
            return answer.isDone() && failure() == null;
        }

        /** The failure; null if there is none so far. */
        @Nullable Throwable failure() {
            if (!answer.isCompletedExceptionally()) {
                return null;
            }
            Throwable failure = answer.handle((result, thrown) -> thrown).join();
            return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        }
    }

    private final EtcdConnection<C> connection;
    private final String what;
    private final Duration limit;
    private final Function<? super C, CompletableFuture<R>> request;
    private final List<Attempt<C, R>> attempts = new ArrayList<>();
    private final Semaphore answers = new Semaphore(0);
    private final long begunAt = System.nanoTime();

    private EtcdCall(
            EtcdConnection<C> connection,
            String what,
            Duration limit,
            Function<? super C, CompletableFuture<R>> request) {
        this.connection = connection;
        this.what = what;
        this.limit = limit;
        this.request = request;
    }

    /**
     * Sends a request.
     *
     * @param what the request, for people
     * @param request a request that etcd may carry out several times
     * @throws EtcdFailure if there is no client
     */
    static <C, R> EtcdCall<C, R> begin(
            EtcdConnection<C> connection,
            String what,
            Duration limit,
            Function<? super C, CompletableFuture<R>> request) {
        EtcdCall<C, R> call = new EtcdCall<>(connection, what, limit, request);
        call.send();
        return call;
    }

    private void send() {
        C client = connection.client();
        long now = System.nanoTime();
        CompletableFuture<R> answer = answerOf(client);
        attempts.add(new Attempt<>(client, answer, now));
        CompletableFuture<R> unused = answer.whenComplete((result, failure) -> answers.release());
    }

    /** A client may throw before it sends, as in a JVM that shuts down; to the caller that is a failed call. */
    private CompletableFuture<R> answerOf(C client) {
        try {
            return request.apply(client);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * Waits for the answer, and repeats the request meanwhile.
     *
     * @throws EtcdFailure see {@link #poll}
     */
    R await() throws InterruptedException {
        Optional<R> answer = poll();
        while (answer.isEmpty()) {
            answers.tryAcquire(part() - elapsed() % part(), TimeUnit.NANOSECONDS);
            answer = poll();
        }
        return answer.get();
    }

    /**
     * Returns the answer, or repeats the request if that is due. It does not wait.
     *
     * @throws EtcdFailure if there is no answer in time, or a bad one; etcd may have carried the request out
     */
    Optional<R> poll() {
        Optional<Attempt<C, R>> answered =
                attempts.stream().filter(Attempt::isAnswered).findFirst();
        if (answered.isPresent()) {
            return Optional.of(accept(answered.get()));
        }
        throwIfFailed();
        if (elapsed() >= limit.toNanos()) {
            cancelRest();
            throw timedOut();
        }
        repeatIfDue();
        return Optional.empty();
    }

    private R accept(Attempt<C, R> answered) {
        boolean isOvertaken = attempts.stream()
                .filter(each ->
                        each.client() == answered.client() && !each.answer().isDone())
                .anyMatch(each -> answered.sentAt() - each.sentAt() > part() / 2);
        if (isOvertaken && hasWholeLimit()) {
            connection.silent(answered.client());
        }
        cancelRest();
        return answered.answer().join();
    }

    /** Ends the requests whose answers count no more, since a page is large. */
    private void cancelRest() {
        attempts.forEach(each -> each.answer().cancel(true));
    }

    private void throwIfFailed() {
        List<Attempt<C, R>> failed =
                attempts.stream().filter(this::hasFailedByItself).toList();
        for (Attempt<C, R> each : failed) {
            Throwable failure = requireNonNull(each.failure());
            if (failed.size() >= MOST_FAILURES || isAnswerOfEtcd(failure)) {
                cancelRest();
                connection.failed(each.client(), failure);
                throw new EtcdFailure(connection + ": " + what + ": " + EtcdFailure.reasonOf(failure), failure);
            }
        }
    }

    /** Whether an attempt has failed, and not because its client was replaced and closed. */
    private boolean hasFailedByItself(Attempt<C, R> attempt) {
        Throwable failure = attempt.failure();
        return failure != null && (isAnswerOfEtcd(failure) || !connection.isReplaced(attempt.client()));
    }

    private static boolean isAnswerOfEtcd(Throwable failure) {
        return EtcdFailure.kindOf(failure) != EtcdFailure.Kind.CONNECTION;
    }

    private EtcdFailure timedOut() {
        TimeoutException late = new TimeoutException();
        if (hasWholeLimit()) {
            connection.failed(last().client(), late);
        }
        return new EtcdFailure(connection + ": " + what + ": no answer within " + limit, late);
    }

    private void repeatIfDue() {
        if (last().failure() != null) {
            send();
        }
        long due = 1 + REPETITION * Math.min(PARTS - 1, elapsed() / part());
        while (attempts.size() < due) {
            send();
        }
    }

    private Attempt<C, R> last() {
        return attempts.get(attempts.size() - 1);
    }

    /** A shorter limit than that of the connection proves nothing about the client. */
    private boolean hasWholeLimit() {
        return limit.compareTo(connection.timeout()) >= 0;
    }

    private long elapsed() {
        return System.nanoTime() - begunAt;
    }

    private long part() {
        return Math.max(1, limit.toNanos() / PARTS);
    }
}
