package io.clusterstate.examples.tools;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Requests at a steady rate. Each is sent when it is due, even if earlier ones are unanswered, and is timed from then.
 * Otherwise a server that stops for a second would get fewer requests in that second and look better.
 */
final class RequestLoad {

    private static final int EVERY_FIFTH = 5;
    private static final Duration LIMIT = Duration.ofSeconds(20);
    /** The limit of requests under way. Each has its own connection, and a process may open only so many. */
    private static final int MOST_UNDER_WAY = 4_000;

    private final HttpClient client = HttpClient.newHttpClient();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final Random random = new Random(1);
    private final String url;
    private final List<String> arns;
    private final int rate;

    /**
     * The times of right answers. A wrong answer is a failure and has no time here.
     *
     * @param one times of requests for a task
     * @param list times of requests for a list
     */
    record Answers(Latencies one, Latencies list) {}

    RequestLoad(String url, List<String> arns, int rate) {
        if (arns.isEmpty()) {
            throw new IllegalArgumentException("tasks: none (expected: at least one running task)");
        }
        this.url = url;
        this.arns = arns;
        this.rate = rate;
    }

    /** The failures so far. */
    List<String> failures() {
        return new ArrayList<>(failures);
    }

    /** Sends requests for the given time, and waits for the last answers. */
    Answers run(Duration howLong) throws InterruptedException {
        Answers answers = new Answers(new Latencies(), new Latencies());
        long pause = TimeUnit.SECONDS.toNanos(1) / rate;
        long due = System.nanoTime();
        long end = due + howLong.toNanos();
        for (long i = 0; due < end; i++) {
            awaitDue(due);
            ask(i % EVERY_FIFTH == 0, due, answers);
            due += pause;
        }
        while (underWay.get() > 0) { // every request ends within its limit
            TimeUnit.MILLISECONDS.sleep(1);
        }
        return answers;
    }

    private static void awaitDue(long due) throws InterruptedException {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException("requests");
            }
        }
    }

    private void ask(boolean forList, long due, Answers answers) {
        String arn = arns.get(random.nextInt(arns.size()));
        String cluster = arn.substring(arn.indexOf('/') + 1, arn.lastIndexOf('/'));
        if (underWay.get() >= MOST_UNDER_WAY) {
            failures.add("not sent: " + MOST_UNDER_WAY + " requests are unanswered");
        } else if (forList) {
            send("/v1/tasks?status=pending&cluster=" + cluster, due, answers.list());
        } else {
            send("/v1/tasks/" + cluster + '/' + arn, due, answers.one());
        }
    }

    private void send(String path, long due, Latencies times) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + path)).timeout(LIMIT).build();
        underWay.incrementAndGet();
        var unused = client.sendAsync(request, BodyHandlers.ofString()).whenComplete((answer, failure) -> {
            long taken = System.nanoTime() - due;
            if (failure != null) {
                failures.add(path + ": " + failure);
            } else {
                judge(path, answer, taken, times);
            }
            underWay.decrementAndGet();
        });
    }

    /** A task that has stopped meanwhile is still found, since the server keeps it for an hour. */
    private void judge(String path, HttpResponse<String> answer, long taken, Latencies times) {
        if (answer.statusCode() == 200) {
            times.add(taken);
        } else {
            failures.add(path + ": " + answer.statusCode() + ' ' + answer.body());
        }
    }
}
