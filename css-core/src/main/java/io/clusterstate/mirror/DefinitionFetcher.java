package io.clusterstate.mirror;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Origin;
import io.clusterstate.internal.ecs.ApiCounters;
import io.clusterstate.internal.ecs.DescribeAnswer.Found;
import io.clusterstate.internal.ecs.EcsApi;
import io.clusterstate.internal.ecs.Inventory;
import io.clusterstate.internal.loop.Backoff;
import io.clusterstate.internal.loop.Environment;
import io.clusterstate.internal.loop.FailureText;
import io.clusterstate.internal.loop.Loop.Heartbeat;
import io.clusterstate.mirror.DefinitionRefusals.Kind;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.Upsert;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/**
 * Fetches the task definitions that the store lacks although its tasks and services refer to them, and removes those
 * that nothing has referred to for a while. It works while the mirror leads.
 *
 * <p>Thread: one thread runs {@link #step}; any thread signals changes and reads the state.
 */
final class DefinitionFetcher {

    /** The pause between two looks at a store that changes, so that one look covers many changes. */
    private static final Duration GATHERED_FOR = Duration.ofMillis(100);
    /** The longest wait for a change; then refused and unused definitions are looked at. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration NOT_LEADING = Duration.ofMillis(500);
    private static final int MOST_REMOVED = 100;

    private static final Logger LOG = LoggerFactory.getLogger(DefinitionFetcher.class);

    private final TaskDefinitions choice;
    private final StateStore store;
    private final EcsApi api;
    private final Environment environment;
    private final BooleanSupplier isLeading;
    private final Semaphore changed = new Semaphore(0);
    private final UnaryOperator<TaskDefinition> trim;
    /** The definitions that ECS itself reports with a variable that has no value, which no fetch completes. */
    private final Set<String> asGoodAsTheyGet = new HashSet<>();

    private DefinitionRefusals refusals;
    private DefinitionReferences references = new DefinitionReferences(this::isHeldAsWanted);
    private boolean isFollowing;
    /** The number of fetches without an answer since the last answer. */
    private int unanswered;

    private volatile DefinitionFetches state = DefinitionFetches.NONE;

    DefinitionFetcher(TaskDefinitions choice, ReconcileContext context, BooleanSupplier isLeading) {
        this.choice = choice;
        this.store = context.store();
        this.api = context.api();
        this.environment = context.environment();
        this.isLeading = isLeading;
        this.trim = choice.hasEnvironment() ? UnaryOperator.identity() : DefinitionValues::leftOut;
        this.refusals = new DefinitionRefusals(environment);
    }

    /** Notes that the store has changed. */
    void changed() {
        if (changed.availablePermits() == 0) {
            changed.release();
        }
    }

    /** The state at the end of the last step. */
    DefinitionFetches state() {
        return state;
    }

    /** One step of the loop: at most one call. */
    Duration step(Heartbeat heartbeat) throws InterruptedException {
        if (!isLeading.getAsBoolean()) {
            forget();
            return NOT_LEADING;
        }
        isFollowing = true;
        changed.drainPermits(); // before the look, so that no later change is missed
        references.follow(store.snapshot(), now());
        refusals.keepOnly(references::isWaiting);
        removeUnused();
        Optional<String> next = references.next(refusals::isDue);
        Duration pause = next.isPresent() ? fetch(next.get(), heartbeat) : Duration.ZERO;
        state = new DefinitionFetches(references.waiting(), refusals.reasons());
        if (next.isPresent()) {
            return pause;
        }
        return changed.tryAcquire(PATIENCE.toNanos(), TimeUnit.NANOSECONDS) ? GATHERED_FOR : Duration.ZERO;
    }

    /** Begins anew with the next term. */
    private void forget() {
        if (isFollowing) {
            isFollowing = false;
            references = new DefinitionReferences(this::isHeldAsWanted);
            refusals = new DefinitionRefusals(environment);
            state = DefinitionFetches.NONE;
        }
    }

    private long now() {
        return environment.time().nanos();
    }

    private boolean isHeldAsWanted(String arn) {
        Optional<TaskDefinition> held =
                references.seen().observed(EntityKind.TASK_DEFINITION, arn).map(Observed::value);
        return held.isPresent() && (isAsWanted(held.get()) || asGoodAsTheyGet.contains(arn));
    }

    private boolean isAsWanted(TaskDefinition held) {
        return choice.hasEnvironment()
                ? DefinitionValues.areComplete(held)
                : DefinitionValues.leftOut(held).equals(held);
    }

    /** Fetches a definition; returns the pause before the next call, which grows while ECS answers none. */
    private Duration fetch(String arn, Heartbeat heartbeat) throws InterruptedException {
        Optional<Found<TaskDefinition>> found = ask(arn, heartbeat);
        found.ifPresent(answer -> keep(arn, answer));
        return unanswered == 0 ? Duration.ZERO : Backoff.pause(unanswered, environment.random());
    }

    @SuppressWarnings("IllegalCatch") // an answer that cannot be read delays its own definition alone
    private Optional<Found<TaskDefinition>> ask(String arn, Heartbeat heartbeat) throws InterruptedException {
        try {
            Found<TaskDefinition> found =
                    new Inventory(api, new ApiCounters(), heartbeat).describeTaskDefinition(arn, trim);
            answered();
            return Optional.of(found);
        } catch (RuntimeException e) {
            Kind kind = kindOf(e);
            if (kind == Kind.REFUSED) {
                answered();
            } else if (kind == Kind.PASSING) {
                unanswered++;
            }
            refuse(arn, kind, FailureText.of(e));
            return Optional.empty();
        }
    }

    private void answered() {
        unanswered = 0;
        int denials = refusals.permitted();
        if (denials > 0) {
            LOG.info("task definitions: fetched again after {} denials", denials);
        }
    }

    /**
     * The kind of a failure. Source: the ECS API reference, {@code DescribeTaskDefinition}: ClientException and
     * InvalidParameterException are about the definition, other refusals about the caller.
     */
    private static Kind kindOf(RuntimeException failure) {
        if (!(failure instanceof SdkException refusal)) {
            return Kind.PASSING;
        }
        if (EcsApi.isThrottled(refusal)) {
            throw refusal; // then no definition can be fetched, so that the loop pauses
        }
        if (EcsApi.mayPass(refusal)) {
            return Kind.PASSING;
        }
        return refusal instanceof ClientException || refusal instanceof InvalidParameterException
                ? Kind.REFUSED
                : Kind.DENIED;
    }

    private void keep(String arn, Found<TaskDefinition> found) {
        Applied applied = store.apply(List.of(Upsert.of(
                        EntityKind.TASK_DEFINITION,
                        Observed.NO_CLUSTER,
                        found.value(),
                        Origin.DESCRIBE,
                        found.askedAt())))
                .get(0);
        if (!isAsWanted(found.value())) {
            asGoodAsTheyGet.add(arn);
        }
        references.follow(store.snapshot(), now());
        references.judge(arn, now());
        if (references.isWaiting(arn)) {
            refuse(
                    arn,
                    Kind.REFUSED,
                    "the store has not kept the answer about "
                            + applied.change().arn() + ": " + applied.outcome());
        }
    }

    private void refuse(String arn, Kind kind, String why) {
        if (refusals.add(arn, kind, why)) {
            LOG.warn("{}: not fetched{}: {}", arn, kind == Kind.DENIED ? ", nor any other task definition" : "", why);
        }
    }

    private void removeUnused() {
        List<Change<?>> removals = new ArrayList<>();
        for (String arn : references.unusedFor(choice.keptFor(), now(), MOST_REMOVED)) {
            references
                    .seen()
                    .observed(EntityKind.TASK_DEFINITION, arn)
                    .ifPresent(held -> removals.add(Removal.of(held, endOf(held), Removal.Reason.RETENTION)));
        }
        if (!removals.isEmpty()) {
            store.apply(removals);
            removals.forEach(removal -> asGoodAsTheyGet.remove(removal.arn()));
            references.follow(store.snapshot(), now());
        }
    }

    /** The time of the removal: not before the answer that it ends, and before the next fetch. */
    private Instant endOf(Observed<?> held) {
        Instant now = environment.clock().instant();
        Instant end = held.observedAt().isAfter(now) ? held.observedAt() : now;
        api.observe(end);
        return end;
    }
}
