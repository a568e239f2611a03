package io.clusterstate;

import io.clusterstate.internal.composite.LeastFreshness;
import io.clusterstate.internal.composite.MergedSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/**
 * One view over the views of several Regions, accounts or shards. Its members are views of mirrors, readers or fakes,
 * and each keeps its own store, revisions and freshness.
 *
 * <p><b>Lookups</b> by ARN are answered by the member that has the entity, whatever the state of the others. A lookup
 * that finds nothing returns empty if all members are ready, or a ready one knows the cluster in the ARN. Else it
 * throws {@link NotReadyException}, which names the members that may have the entity.
 *
 * <p><b>Snapshots</b> hold one snapshot of each member. {@link CompositeSnapshot} says which promises hold across
 * members.
 *
 * <p><b>Readiness.</b> The view is ready while all members are, or those of {@link #readyWhen}. Otherwise
 * {@link #snapshot} throws {@link NotReadyException}, which names the members that it lacks. A closed member is never
 * ready. Listeners and waits of other members continue.
 *
 * <p><b>Subscriptions</b> keep a place in the journal of each member, with a thread for each. The calls never overlap.
 * {@link ChangeBatch#member} names the member of a batch, and its revision and snapshot are that member's. A member
 * that lags, is reset, is not ready, or ends, delays the batches of no other. A slow listener delays them all. A
 * listener that cancels, or asks for {@link ErrorAction#CANCEL}, ends all.
 *
 * <p><b>Waits for entities</b>, such as {@link #awaitRunning}, need no readiness of the members without these entities.
 * They fail with {@link NotReadyException} once a member with the cluster has ended.
 *
 * <p><b>Revisions.</b> No revision orders several stores. {@link #snapshotAt}, {@link #awaitRevision(long, Duration)}
 * and {@link #subscribe(ChangeListener, long)} are unsupported. {@link #awaitRevisions} and
 * {@link #subscribe(ChangeListener, Map)} take a revision for each member.
 *
 * <p><b>Members</b> must not overlap: no two may hold a cluster. {@link CompositeSnapshot#overlaps} names clusters that
 * two hold, and {@link #awaitReady} logs them.
 *
 * <p>The composite owns no threads, and closing it is neither needed nor possible. The owner of each member closes it.
 *
 * <p>Thread: safe for any thread.
 */
public final class CompositeView implements ClusterStateView {

    private static final Logger LOG = LoggerFactory.getLogger(CompositeView.class);

    private final List<CompositeMember> members;
    private final HomeRoutes routes;
    private final CompositeWaits waits;

    private CompositeView(List<CompositeMember> members) {
        this.members = members;
        this.routes = new HomeRoutes(members.stream().map(CompositeMember::view).toList());
        this.waits = new CompositeWaits(members, this::present);
    }

    /**
     * Creates a view that is ready when all members are.
     *
     * @param members the views by name, such as a Region, in the order of results; at least one. Each is the view of a
     *     mirror, a reader or a fake, or a composite view, whose members become members here under both names with a
     *     slash between
     * @return the view
     * @throws IllegalArgumentException if there is no member, a view is there twice, or one is of another class
     */
    public static CompositeView of(Map<String, ? extends ClusterStateView> members) {
        return new CompositeView(CompositeMember.of(members));
    }

    /**
     * A view over these members that is ready when the named ones are. Each other member counts while it is ready.
     *
     * @param memberNames names of {@link #members}, at least one
     * @return a new view
     * @throws IllegalArgumentException if there is no such member
     */
    public CompositeView readyWhen(String... memberNames) {
        return new CompositeView(CompositeMember.requiring(members, new LinkedHashSet<>(Arrays.asList(memberNames))));
    }

    /**
     * The members.
     *
     * @return each view by its name, in order
     */
    public Map<String, ClusterStateView> members() {
        Map<String, ClusterStateView> views = new LinkedHashMap<>();
        members.forEach(each -> views.put(each.name(), each.view()));
        return Collections.unmodifiableMap(views);
    }

    List<CompositeMember> list() {
        return members;
    }

    @Override
    public CompositeSnapshot snapshot() {
        return requireReady(take(each -> {}));
    }

    private MergedSnapshot take(Consumer<CompositeMember> before) {
        Map<String, Snapshot> snapshots = new LinkedHashMap<>();
        Map<String, NotReadyException> missing = new LinkedHashMap<>();
        for (CompositeMember each : members) {
            before.accept(each);
            try {
                snapshots.put(each.name(), each.view().snapshot());
            } catch (NotReadyException e) {
                missing.put(each.name(), e);
            }
        }
        return new MergedSnapshot(snapshots, missing);
    }

    /** The snapshots of the members that are ready, as if there were no others. */
    private MergedSnapshot present() {
        Map<String, Snapshot> snapshots = new LinkedHashMap<>();
        for (CompositeMember each : members) {
            if (each.view().isReady()) {
                snapshots.put(each.name(), each.view().lastSnapshot());
            }
        }
        return new MergedSnapshot(snapshots, Map.of());
    }

    private MergedSnapshot requireReady(MergedSnapshot taken) {
        if (!isReady(taken)) {
            Map<String, NotReadyException> lacking = new LinkedHashMap<>(taken.reasons());
            lacking.keySet().retainAll(required().map(CompositeMember::name).collect(Collectors.toSet()));
            throw MergedSnapshot.notReady("", lacking);
        }
        return taken;
    }

    private boolean isReady(MergedSnapshot taken) {
        return taken.missing().isEmpty()
                || required().noneMatch(each -> taken.missing().contains(each.name()));
    }

    private Stream<CompositeMember> required() {
        return members.stream().filter(CompositeMember::isRequired);
    }

    @Override
    public Optional<Task> task(String arnOrId) {
        return find(EntityKind.TASK, arnOrId);
    }

    @Override
    public Optional<ContainerInstance> instance(String arnOrId) {
        return find(EntityKind.INSTANCE, arnOrId);
    }

    @Override
    public Optional<Service> service(String arnOrName) {
        return find(EntityKind.SERVICE, arnOrName);
    }

    @Override
    public Optional<Cluster> cluster(String arnOrName) {
        return find(EntityKind.CLUSTER, arnOrName);
    }

    /** Asks the views that have the ARN's home, and only then all. */
    private <T> Optional<T> find(EntityKind<T> kind, String arnOrId) {
        for (StoreView likely : routes.of(arnOrId)) {
            Optional<T> found = likely.findIfReady(kind, arnOrId);
            if (found.isPresent()) {
                return found;
            }
        }
        return arnOrId.startsWith("arn:")
                ? search(kind, arnOrId)
                : requireReady(take(each -> {})).find(kind, arnOrId);
    }

    /** Whether the members were ready is known of their snapshots alone: a member may end between two calls of it. */
    private <T> Optional<T> search(EntityKind<T> kind, String arn) {
        for (CompositeMember each : members) {
            Optional<T> found = each.view().findIfReady(kind, arn);
            if (found.isPresent()) {
                routes.learn(arn, each.view());
                return found;
            }
        }
        return take(each -> {}).find(kind, arn);
    }

    /**
     * {@inheritDoc}
     *
     * <p>The policy judges the least freshness of the members in the snapshot, by the latest of their clocks.
     *
     * @throws UnsupportedOperationException if the policy demands a revision
     */
    @Override
    public ReadPolicy.Result read(ReadPolicy policy) {
        Map<String, Freshness> before = new LinkedHashMap<>();
        CompositeSnapshot snapshot =
                requireReady(take(each -> before.put(each.name(), each.view().freshness())));
        before.keySet().retainAll(snapshot.members().keySet());
        Instant now = members.stream()
                .map(each -> each.view().now())
                .max(Instant::compareTo)
                .orElseThrow();
        return policy.judge(snapshot, LeastFreshness.of(before.values()), now);
    }

    @Override
    public boolean isReady() {
        for (CompositeMember each : members) {
            if (each.isRequired() && !each.view().isReady()) {
                return false;
            }
        }
        return true;
    }

    /**
     * The least freshness of all members, ready or not. {@code freshUpTo} is the earliest moment, and empty if a member
     * has none. The event lag is the longest of the members that have had events. The last event is the earliest of the
     * members' last ones, and empty if a member has had none. The link is the worst one. Clusters and left out clusters
     * are those of all members.
     *
     * @return the freshness at this moment
     */
    @Override
    public Freshness freshness() {
        return LeastFreshness.of(
                members.stream().map(each -> each.view().freshness()).toList());
    }

    @Override
    public void awaitReady(Duration limit) throws TimeoutException, InterruptedException {
        CompositeSnapshot snapshot = await("not ready", limit, now -> now, now -> "");
        Map<String, Set<String>> overlaps = snapshot.overlaps();
        if (!overlaps.isEmpty()) {
            LOG.warn("members overlap (expected: each cluster in one member): {}", overlaps);
        }
    }

    /**
     * Waits until members have reached revisions, for instance those of {@link CompositeSnapshot#revisions} in another
     * process with the same stores.
     *
     * <p>Blocks: up to {@code limit}.
     *
     * @param revisions the revision by the name of the member; a member that is not named is not waited for
     * @param limit the longest wait
     * @return a snapshot at those revisions or later ones
     * @throws IllegalArgumentException if there is no such member
     * @throws TimeoutException if the view is not ready or has not reached the revisions by then
     * @throws NotReadyException if a member was closed that is named or needed for readiness
     * @throws InterruptedException if the thread was interrupted
     */
    public CompositeSnapshot awaitRevisions(Map<String, Long> revisions, Duration limit)
            throws TimeoutException, InterruptedException {
        requireMembers(revisions.keySet());
        CompositeView needed = new CompositeView(members.stream()
                .map(each -> each.requiredIf(each.isRequired() || revisions.containsKey(each.name())))
                .toList());
        return needed.await(
                "not at revisions " + revisions, limit, now -> isAt(now, revisions) ? now : null, now -> now.revisions()
                        .toString());
    }

    private static boolean isAt(CompositeSnapshot now, Map<String, Long> revisions) {
        return revisions.entrySet().stream()
                .allMatch(each -> now.revisions().getOrDefault(each.getKey(), -1L) >= each.getValue());
    }

    private void requireMembers(Set<String> names) {
        if (!members().keySet().containsAll(names)) {
            throw new IllegalArgumentException(
                    "members: " + names + " (expected: only " + members().keySet() + ")");
        }
    }

    /**
     * Waits until each member has everything that its store held at the time of the call. It asks the stores one after
     * the other, within one limit. A member that is neither ready nor needed for readiness is left out.
     */
    @Override
    public CompositeSnapshot awaitCurrent(Duration limit) throws TimeoutException, InterruptedException {
        long deadline = Signal.after(limit);
        for (CompositeMember each : members) {
            if (each.isRequired() || each.view().isReady()) {
                each.awaitCurrent(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            }
        }
        return snapshot();
    }

    @Override
    public CompositeSnapshot awaitFresh(Instant upTo, Duration limit) throws TimeoutException, InterruptedException {
        return await(
                "not fresh up to " + upTo,
                limit,
                now -> StoreView.isFresh(now, upTo) ? now : null,
                now -> "fresh up to " + upTo(now.members()));
    }

    private static Map<String, String> upTo(Map<String, Snapshot> snapshots) {
        Map<String, String> moments = new LinkedHashMap<>();
        snapshots.forEach((name, snapshot) -> moments.put(
                name, snapshot.freshness().freshUpTo().map(Instant::toString).orElse("nothing yet")));
        return moments;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Here every tested snapshot is a {@link CompositeSnapshot}, taken after a change of any member. A condition
     * that looks up what a member in {@link CompositeSnapshot#missing} may have throws {@link NotReadyException}, which
     * ends the wait.
     */
    @Override
    public CompositeSnapshot awaitUntil(Predicate<? super Snapshot> condition, Duration limit)
            throws TimeoutException, InterruptedException {
        return await(
                "the condition does not hold",
                limit,
                now -> condition.test(now) ? now : null,
                CompositeSnapshot::toString);
    }

    /** A test of a snapshot, with its result; null if it does not hold yet. */
    private interface Test<R> {

        @Nullable R of(CompositeSnapshot now);
    }

    /** Waits for a result of snapshots while the view is ready. */
    private <R> R await(String missing, Duration limit, Test<R> test, Function<CompositeSnapshot, String> state)
            throws TimeoutException, InterruptedException {
        return waits.await(
                new CompositeWaits.Condition<R>() {
                    @Override
                    public @Nullable R test() {
                        MergedSnapshot now = take(each -> {});
                        return isReady(now) ? test.of(now) : null;
                    }

                    @Override
                    public @Nullable NotReadyException end() {
                        return endOfRequired();
                    }

                    @Override
                    public String missing() {
                        return missing;
                    }

                    @Override
                    public String state() {
                        MergedSnapshot now = take(each -> {});
                        return isReady(now) ? state.apply(now) : waitsFor();
                    }
                },
                limit);
    }

    private @Nullable NotReadyException endOfRequired() {
        for (CompositeMember each : members) {
            NotReadyException end = each.isRequired() ? each.end() : null;
            if (end != null) {
                return end;
            }
        }
        return null;
    }

    private String waitsFor() {
        return required()
                .filter(each -> !each.view().isReady())
                .map(each ->
                        "member " + each.name() + " waits for " + each.view().waitsFor())
                .collect(Collectors.joining("; "));
    }

    @Override
    public TaskDefinition awaitDefinition(String arn, Duration limit) throws TimeoutException, InterruptedException {
        return waits.await(new DefinitionWait(arn), limit);
    }

    @Override
    public List<Task> awaitRunning(Collection<String> taskArns, Duration limit)
            throws TimeoutException, InterruptedException {
        return waits.await(TaskWait.untilRunning(taskArns), limit);
    }

    @Override
    public CompletableFuture<List<Task>> whenRunning(Collection<String> taskArns) {
        return waits.when(TaskWait.untilRunning(taskArns));
    }

    @Override
    public List<Task> awaitStopped(Collection<String> taskArns, Duration limit)
            throws TimeoutException, InterruptedException {
        return waits.await(TaskWait.untilStopped(taskArns), limit);
    }

    @Override
    public CompletableFuture<List<Task>> whenStopped(Collection<String> taskArns) {
        return waits.when(TaskWait.untilStopped(taskArns));
    }

    @Override
    public Service awaitServiceStable(Service service, Duration limit) throws TimeoutException, InterruptedException {
        return waits.await(ServiceWait.untilStable(service), limit);
    }

    @Override
    public CompletableFuture<Service> whenServiceStable(Service service) {
        return waits.when(ServiceWait.untilStable(service));
    }

    @Override
    public Rollout awaitRollout(Service service, Duration limit) throws TimeoutException, InterruptedException {
        return waits.await(new RolloutWait(service), limit);
    }

    @Override
    public CompletableFuture<Rollout> whenRolledOut(Service service) {
        return waits.when(new RolloutWait(service));
    }

    /**
     * {@inheritDoc}
     *
     * <p>The initial batch of a member follows once the member is ready. A member that has ended is left out.
     *
     * @throws NotReadyException if all members have ended
     */
    @Override
    public Subscription subscribe(ChangeListener listener) {
        return subscribe(listener, Map.of());
    }

    /**
     * Subscribes a listener that already knows the state of some members, as in {@link #subscribe(ChangeListener,
     * long)}. Members that are not named begin as in {@link #subscribe(ChangeListener)}.
     *
     * @param listener the listener
     * @param afterRevisions the revision up to which the listener knows everything, by the name of the member: that of
     *     the member's last {@link ChangeBatch}, or of {@link CompositeSnapshot#revisions}
     * @return the subscription
     * @throws IllegalArgumentException if there is no such member
     * @throws RevisionOutOfRangeException if the journal of a named member no longer holds all changes after its
     *     revision, or the revision is ahead of the member
     * @throws NotReadyException if a named member is not ready, or all members have ended
     */
    public Subscription subscribe(ChangeListener listener, Map<String, Long> afterRevisions) {
        requireMembers(afterRevisions.keySet());
        MergedSubscription merged = new MergedSubscription(
                listener.name(), members.get(0).view().subscribers().recipient(listener));
        List<CompositeMember> alive = new ArrayList<>(members);
        alive.removeIf(each -> each.end() != null && !afterRevisions.containsKey(each.name()));
        if (alive.isEmpty()) {
            throw members.get(0).view().notReady();
        }
        alive.forEach(each -> merged.add(each, each.cursor(listener, afterRevisions.get(each.name()))));
        merged.begin();
        return merged;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Here a subscriber has a thread for each member, and one demand for all. It completes when all members are
     * closed, by an error if one of them failed.
     */
    @Override
    public Flow.Publisher<ChangeBatch> changes() {
        return this::subscribe;
    }

    private void subscribe(Flow.Subscriber<? super ChangeBatch> flow) {
        FlowRecipient recipient = new FlowRecipient(
                flow, () -> members.forEach(each -> each.view().signal().raise()));
        MergedSubscription merged = new MergedSubscription("publisher", recipient);
        members.forEach(each -> merged.add(each, each.view().subscribers().wholeStart()));
        flow.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long batches) {
                recipient.request(batches);
                members.forEach(each -> each.view().subscribers().notice());
            }

            @Override
            public void cancel() {
                merged.cancel();
            }
        });
        merged.begin();
    }

    /**
     * Unsupported: no revision orders several stores.
     *
     * @param revision any revision
     * @return never
     * @throws UnsupportedOperationException always; ask the view in {@link #members}
     */
    @Override
    public Snapshot snapshotAt(long revision) {
        throw unordered("snapshotAt", "snapshotAt of a view in members()");
    }

    /**
     * Unsupported: no revision orders several stores.
     *
     * @param revision any revision
     * @param limit the longest wait
     * @return never
     * @throws UnsupportedOperationException always; use {@link #awaitRevisions}
     */
    @Override
    public Snapshot awaitRevision(long revision, Duration limit) {
        throw unordered("awaitRevision", "awaitRevisions with a revision for each member");
    }

    /**
     * Unsupported: no revision orders several stores.
     *
     * @param listener any listener
     * @param afterRevision any revision
     * @return never
     * @throws UnsupportedOperationException always; use {@link #subscribe(ChangeListener, Map)}
     */
    @Override
    public Subscription subscribe(ChangeListener listener, long afterRevision) {
        throw unordered("subscribe", "subscribe with a revision for each member");
    }

    private UnsupportedOperationException unordered(String method, String instead) {
        return new UnsupportedOperationException(method + ": one revision over the members "
                + members().keySet() + ", each of which counts by itself (expected: " + instead + ")");
    }

    @Override
    public String toString() {
        return "composite view of " + members().keySet() + (isReady() ? "" : ", " + waitsFor());
    }
}
