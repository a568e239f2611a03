package io.clusterstate;

import java.util.Map;
import java.util.Set;

/**
 * A snapshot of each member of a {@link CompositeView}, taken one after the other.
 *
 * <p><b>There is no moment of the whole.</b> Queries to one snapshot see one moment within each member (promise 7). The
 * moments of two members may differ by the time that it takes to read them, and by how far each lags behind ECS. No
 * revision orders them, so {@link #revision} and {@link #since} are unsupported; {@link #revisions} is a vector.
 *
 * <p><b>A member that is not ready</b> is named in {@link #missing}, unless the view needs it to be ready. Queries such
 * as {@link #tasks} then find the entities of the other members alone. A lookup is stricter: one that finds nothing
 * throws {@link NotReadyException}, which names the missing members. It returns empty if a member that is there knows
 * the cluster in the ARN. {@link #knows} and {@link #removed} throw as a lookup does.
 *
 * <p><b>Lookups</b> by ARN return what the first member that has the entity holds. An id or a name that several members
 * have is refused, as one that several clusters have. The freshness is the least of the members'; see
 * {@link CompositeView#freshness}.
 *
 * <p><b>Overlaps.</b> No two members should hold a cluster. If they do, queries find its entities twice;
 * {@link #overlaps} names them. Task definitions belong to no cluster, and one that several members hold counts once.
 *
 * <p>Thread: immutable. Blocks: never.
 */
public interface CompositeSnapshot extends Snapshot {

    /**
     * The snapshots of the members that were ready.
     *
     * @return each snapshot by the name of its member, in the order of members
     */
    Map<String, Snapshot> members();

    /**
     * The members that were not ready, whose entities are not here.
     *
     * @return their names, in the order of members
     */
    Set<String> missing();

    /**
     * The revision of each member that was ready, for {@link CompositeView#awaitRevisions}.
     *
     * @return each revision by the name of its member, in the order of members
     */
    Map<String, Long> revisions();

    /**
     * The clusters that more than one member holds, by mistake. Cost: a walk over all clusters.
     *
     * @return the names of the members by the ARN of the cluster; empty if all is well
     */
    Map<String, Set<String>> overlaps();

    /**
     * Unsupported: each member counts by itself.
     *
     * @return never
     * @throws UnsupportedOperationException always; {@link #revisions} has the revision of each member
     */
    @Override
    long revision();

    /**
     * Unsupported: each member has an order of its own.
     *
     * @param older any snapshot
     * @return never
     * @throws UnsupportedOperationException always; ask the snapshots in {@link #members}
     */
    @Override
    ChangeBatch since(Snapshot older);
}
