package io.clusterstate;

import io.clusterstate.ecs.EcsArn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The waits of a composite view. A wait for entities takes no notice of the members that have none of them: it goes on
 * while such a member is not ready, and after its end.
 *
 * <p>Thread: safe for any thread.
 */
final class CompositeWaits {

    private final List<CompositeMember> members;
    /** The snapshots of the members that are ready, in which nothing counts as missing. */
    private final Supplier<Snapshot> present;

    /** A condition that a thread waits for. */
    interface Condition<R> {

        /** The result; null if it may come later. */
        @Nullable R test();

        /** The reason why it will never come; null if it may. */
        @Nullable NotReadyException end();

        /** The missing result, as the beginning of a message. */
        String missing();

        /** The present state, for people. */
        String state();
    }

    CompositeWaits(CompositeMembers members) {
        this.members = members.list();
        this.present = members::present;
    }

    /** Blocks until a condition holds, testing it after each change of a member. */
    <R> R await(Condition<R> condition, Duration limit) throws TimeoutException, InterruptedException {
        Signal signal = new Signal();
        members.forEach(each -> each.view().signal().passTo(signal));
        try {
            return await(condition, limit, signal);
        } finally {
            members.forEach(each -> each.view().signal().forget(signal));
        }
    }

    private <R> R await(Condition<R> condition, Duration limit, Signal signal)
            throws TimeoutException, InterruptedException {
        boolean isByHand = members.stream().allMatch(each -> each.view().isByHand());
        long deadline = Signal.after(isByHand ? Duration.ZERO : limit);
        while (true) {
            long seen = signal.count();
            R result = condition.test();
            if (result != null) {
                return result;
            }
            NotReadyException end = condition.end();
            if (end != null) {
                throw end;
            }
            if (deadline - System.nanoTime() <= 0) {
                throw new TimeoutException(condition.missing() + " after " + limit + ": " + condition.state());
            }
            signal.await(seen, deadline);
        }
    }

    /** Blocks until a wait for entities ends. */
    <R> R await(Wait<R> wait, Duration limit) throws TimeoutException, InterruptedException {
        return await(
                new Condition<R>() {
                    @Override
                    public @Nullable R test() {
                        return wait.test(present.get());
                    }

                    @Override
                    public @Nullable NotReadyException end() {
                        return endOf(wait.arns());
                    }

                    @Override
                    public String missing() {
                        return wait.missing();
                    }

                    @Override
                    public String state() {
                        return wait.state(present.get()) + notReady();
                    }
                },
                limit);
    }

    /** The members that are not ready, for the message of a timeout. */
    private String notReady() {
        StringBuilder text = new StringBuilder();
        for (CompositeMember each : members) {
            if (!each.view().isReady()) {
                text.append("; member ")
                        .append(each.name())
                        .append(" waits for: ")
                        .append(each.view().waitsFor());
            }
        }
        return text.toString();
    }

    /**
     * Completes a future when a wait ends. Each member has a future of its own for the same wait, whose thread tests
     * the wait after changes in that member; the first that ends decides.
     */
    <R> CompletableFuture<R> when(Wait<R> wait) {
        CompletableFuture<R> future = new CompletableFuture<>();
        Wait<R> shared = new OneAtATime<>(wait, present);
        List<CompletableFuture<R>> parts = new ArrayList<>();
        for (CompositeMember each : members) {
            CompletableFuture<R> part = each.view().pending().add(shared);
            parts.add(part);
            CompletableFuture<R> unused =
                    part.whenComplete((result, failure) -> settle(future, wait.arns(), result, failure));
        }
        CompletableFuture<R> unused =
                future.whenComplete((result, failure) -> parts.forEach(part -> part.cancel(false)));
        return future;
    }

    private <R> void settle(
            CompletableFuture<R> future, Collection<String> arns, @Nullable R result, @Nullable Throwable failure) {
        Throwable decided = failure instanceof NotReadyException ? endOf(arns) : failure;
        if (result != null) {
            future.complete(result);
        } else if (decided != null) {
            future.completeExceptionally(decided);
        }
    }

    /**
     * The end of a wait for entities: a member has ended that has the cluster of one of them, while no other member has
     * it; or all members have ended.
     */
    @Nullable NotReadyException endOf(Collection<String> arns) {
        NotReadyException last = null;
        boolean isAnyAlive = false;
        for (CompositeMember each : members) {
            NotReadyException end = each.end();
            isAnyAlive |= end == null;
            if (end != null && (last == null || arns.stream().anyMatch(arn -> isOwner(each, arn)))) {
                last = end;
            }
        }
        boolean isOwnerGone = arns.stream().anyMatch(this::isOwnerGone);
        return isOwnerGone || !isAnyAlive ? last : null;
    }

    private boolean isOwnerGone(String arn) {
        boolean isGone = false;
        for (CompositeMember each : members) {
            if (isOwner(each, arn)) {
                if (each.view().end() == null) {
                    return false;
                }
                isGone = true;
            }
        }
        return isGone;
    }

    private static boolean isOwner(CompositeMember member, String arn) {
        Snapshot last = member.view().lastSnapshot();
        return EcsArn.parse(arn).flatMap(EcsArn::clusterArn).filter(last::knows).isPresent();
    }

    /** A wait that several threads test, on the snapshots of all members. */
    private record OneAtATime<R>(Wait<R> own, Supplier<Snapshot> present) implements Wait<R> {

        @Override
        public Collection<String> arns() {
            return own.arns();
        }

        @Override
        public @Nullable R test(Snapshot snapshot) {
            synchronized (own) {
                return own.test(present.get());
            }
        }

        @Override
        public String missing() {
            return own.missing();
        }

        @Override
        public String state(Snapshot snapshot) {
            return own.state(present.get());
        }
    }
}
