package io.clusterstate.examples.soak;

import io.clusterstate.simulator.Truth;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

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
            new EmptyQueue(account.name(), findings, QUEUE_LIMIT).await(account::messagesLeft);
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
}
