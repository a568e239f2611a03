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
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Requests at a steady rate. Each goes out at its time whether or not the ones before are answered, and is measured from the
 * moment at which it was due: else a server that stops for a second would be asked less in that second, and look better.
 */
final class Requests {

    private static final int EVERY_FIFTH = 5;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newHttpClient();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final Random random = new Random(1);
    private final String url;
    private final List<String> arns;
    private final int rate;

    /** What was measured. */
    record Answers(Times one, Times list) {}

    Requests(String url, List<String> arns, int rate) {
        if (arns.isEmpty()) {
            throw new IllegalArgumentException("tasks: none (expected: at least one that runs)");
        }
        this.url = url;
        this.arns = arns;
        this.rate = rate;
    }

    /** What went wrong, in words. */
    List<String> failures() {
        return new ArrayList<>(failures);
    }

    /** Asks for so long, and waits for the last answers. */
    Answers run(Duration howLong) throws InterruptedException {
        Answers answers = new Answers(new Times(), new Times());
        Phaser underWay = new Phaser(1);
        long pause = TimeUnit.SECONDS.toNanos(1) / rate;
        long due = System.nanoTime();
        for (int i = 0; i < rate * howLong.toSeconds(); i++) {
            LockSupport.parkNanos(due - System.nanoTime());
            String arn = arns.get(random.nextInt(arns.size()));
            String cluster = arn.substring(arn.indexOf('/') + 1, arn.lastIndexOf('/'));
            underWay.register();
            if (i % EVERY_FIFTH == 0) {
                send("/v1/tasks?status=pending&cluster=" + cluster, due, answers.list(), underWay);
            } else {
                send("/v1/tasks/" + cluster + '/' + arn, due, answers.one(), underWay);
            }
            due += pause;
        }
        await(underWay);
        return answers;
    }

    private void await(Phaser underWay) throws InterruptedException {
        try {
            underWay.awaitAdvanceInterruptibly(underWay.arrive(), LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            failures.add(underWay.getUnarrivedParties() + " requests without an answer within " + LIMIT);
        }
    }

    private void send(String path, long due, Times times, Phaser underWay) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path)).build();
        var unused = client.sendAsync(request, BodyHandlers.ofString()).whenComplete((answer, failure) -> {
            times.add(System.nanoTime() - due);
            judge(path, answer, failure);
            underWay.arriveAndDeregister();
        });
    }

    private void judge(String path, HttpResponse<String> answer, Throwable failure) {
        if (failure != null) {
            failures.add(path + ": " + failure);
        } else if (answer.statusCode() != 200 && answer.statusCode() != 404) { // stopped and forgotten by now
            failures.add(path + ": " + answer.statusCode() + ' ' + answer.body());
        }
    }
}
