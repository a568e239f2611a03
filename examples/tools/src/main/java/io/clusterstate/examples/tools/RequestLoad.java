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
 * Requests at a steady rate. Each goes out at its time whether or not the ones before are answered, and is measured
 * from the moment at which it was due: else a server that stops for a second would be asked less in that second, and
 * look better.
 */
final class RequestLoad {

    private static final int EVERY_FIFTH = 5;
    private static final Duration LIMIT = Duration.ofSeconds(20);
    /** Each has a connection of its own, of which a process may not have any number. */
    private static final int MOST_UNDER_WAY = 4_000;

    private final HttpClient client = HttpClient.newHttpClient();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final Random random = new Random(1);
    private final String url;
    private final List<String> arns;
    private final int rate;

    /** How long it took to be answered; what was not answered as it should be is a failure, and has no time here. */
    record Answers(Latencies one, Latencies list) {}

    RequestLoad(String url, List<String> arns, int rate) {
        if (arns.isEmpty()) {
            throw new IllegalArgumentException("tasks: none (expected: at least one that runs)");
        }
        this.url = url;
        this.arns = arns;
        this.rate = rate;
    }

    /** What went wrong since the beginning, in words. */
    List<String> failures() {
        return new ArrayList<>(failures);
    }

    /** Asks for so long, and waits for the last answers. */
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
        while (underWay.get() > 0) { // each ends within the limit
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
            failures.add("not asked: " + MOST_UNDER_WAY + " requests are without an answer");
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

    /** Also a task that has stopped meanwhile is found: the server keeps it for an hour. */
    private void judge(String path, HttpResponse<String> answer, long taken, Latencies times) {
        if (answer.statusCode() == 200) {
            times.add(taken);
        } else {
            failures.add(path + ": " + answer.statusCode() + ' ' + answer.body());
        }
    }
}
