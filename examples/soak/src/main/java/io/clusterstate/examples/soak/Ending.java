package io.clusterstate.examples.soak;

import io.clusterstate.simulator.Truth;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The end of a run: it heals all faults, waits for rest, and compares every view with the truth.
 *
 * @param world where everything runs
 * @param findings the results
 */
record Ending(World world, Findings findings) {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    /** A mirror that was killed may have extended the visibility of its messages by two minutes. */
    private static final Duration QUEUE_LIMIT = Duration.ofSeconds(150);

    void heal() throws IOException, InterruptedException {
        world.etcd().heal();
        world.child().resume();
        world.child().start();
        world.clocks().forEach(clock -> clock.step(Duration.ZERO));
        for (Account account : world.accounts()) {
            heal(account);
            awaitEmptyQueue(account);
        }
        for (Seat seat : world.allViews()) {
            List<Truth> truths = seat.accounts().stream().map(Account::truth).toList();
            new FinalCheck(seat.name(), findings, LIMIT).await(seat.view(), truths, seat::problems);
        }
    }

    private static void heal(Account account) {
        account.simulator().faults().use(Set.of());
        account.simulator().faults().ecsOutage(false);
        account.simulator().faults().sqsOutage(false);
        account.simulator().settle(LIMIT);
    }

    private void awaitEmptyQueue(Account account) throws InterruptedException {
        long deadline = System.nanoTime() + QUEUE_LIMIT.toNanos();
        int left = account.messagesLeft();
        while (left > 0 && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(100);
            left = account.messagesLeft();
        }
        if (left > 0) {
            findings.broken("EmptyQueue", account.name(), left + " messages are left after " + QUEUE_LIMIT);
        }
    }
}
