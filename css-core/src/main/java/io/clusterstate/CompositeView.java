package io.clusterstate;

import io.clusterstate.internal.composite.LeastFreshness;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
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

    private final CompositeMembers members;
    private final CompositeLookups lookups;
    private final CompositeWaits waits;
    private final SnapshotWaits snapshotWaits;

    private CompositeView(List<CompositeMember> list) {
        this.members = new CompositeMembers(list);
        this.lookups = new CompositeLookups(members);
        this.waits = new CompositeWaits(members);
        this.snapshotWaits = new SnapshotWaits(members, waits);
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
        return new CompositeView(CompositeMember.requiring(list(), new LinkedHashSet<>(Arrays.asList(memberNames))));
    }

    /**
     * The members.
     *
     * @return each view by its name, in order
     */
    public Map<String, ClusterStateView> members() {
        return members.views();
    }

    List<CompositeMember> list() {
        return members.list();
    }

    @Override
    public CompositeSnapshot snapshot() {
        return members.requireReady(members.take());
    }

    @Override
    public Optional<Task> task(String arnOrId) {
        return lookups.find(EntityKind.TASK, arnOrId);
    }

    @Override
    public Optional<ContainerInstance> instance(String arnOrId) {
        return lookups.find(EntityKind.INSTANCE, arnOrId);
    }

    @Override
    public Optional<Service> service(String arnOrName) {
        return lookups.find(EntityKind.SERVICE, arnOrName);
    }

    @Override
    public Optional<Cluster> cluster(String arnOrName) {
        return lookups.find(EntityKind.CLUSTER, arnOrName);
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
        CompositeSnapshot snapshot = members.requireReady(
                members.take(each -> before.put(each.name(), each.view().freshness())));
        before.keySet().retainAll(snapshot.members().keySet());
        Instant now = list().stream()
                .map(each -> each.view().now())
                .max(Instant::compareTo)
                .orElseThrow();
        return policy.judge(snapshot, LeastFreshness.of(before.values()), now);
    }

    @Override
    public boolean isReady() {
        return members.areReady();
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
                list().stream().map(each -> each.view().freshness()).toList());
    }

    @Override
    public void awaitReady(Duration limit) throws TimeoutException, InterruptedException {
        Map<String, Set<String>> overlaps = snapshotWaits.awaitReady(limit).overlaps();
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
        members.requireKnown(revisions.keySet());
        CompositeView needed = new CompositeView(list().stream()
                .map(each -> each.requiredIf(each.isRequired() || revisions.containsKey(each.name())))
                .toList());
        return needed.snapshotWaits.awaitRevisions(revisions, limit);
    }

    /**
     * Waits until each member has everything that its store held at the time of the call. It asks the stores one after
     * the other, within one limit. A member that is neither ready nor needed for readiness is left out.
     */
    @Override
    public CompositeSnapshot awaitCurrent(Duration limit) throws TimeoutException, InterruptedException {
        return snapshotWaits.awaitCurrent(limit);
    }

    @Override
    public CompositeSnapshot awaitFresh(Instant upTo, Duration limit) throws TimeoutException, InterruptedException {
        return snapshotWaits.awaitFresh(upTo, limit);
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
        return snapshotWaits.awaitUntil(condition, limit);
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
        members.requireKnown(afterRevisions.keySet());
        return new CompositeSubscriptions(list()).subscribe(listener, afterRevisions);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Here a subscriber has a thread for each member, and one demand for all. It completes when all members are
     * closed, by an error if one of them failed.
     */
    @Override
    public Flow.Publisher<ChangeBatch> changes() {
        return new CompositeSubscriptions(list())::subscribe;
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
        return "composite view of " + members().keySet() + (isReady() ? "" : ", " + members.waitsFor());
    }
}
