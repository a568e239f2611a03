package io.clusterstate;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A query to one {@link Snapshot}. Each step returns a new, narrower query, so a query can be kept and narrowed in
 * several ways. All its results belong to the snapshot's moment (promise 7).
 *
 * <p><b>Cost</b>: indexes answer every step whose description does not say otherwise, but {@link #where}. A query walks
 * the entities of its most selective step and checks the other steps on these. The cost therefore grows with that
 * step's matches, not with the number of entities.
 *
 * <p>Entities come in no particular order, but repeating a query on a snapshot repeats the order.
 *
 * <p>Not to be implemented by applications: methods may be added.
 *
 * <p>Thread: immutable. Blocks: never.
 *
 * @param <T> the AWS SDK's type of the entities
 * @param <Q> the type of the query itself
 */
public interface Query<T, Q extends Query<T, Q>> {

    /**
     * Narrows to the entities of a cluster. A name that exists in several accounts or Regions stands for all of these
     * clusters. A cluster that the view does not know finds nothing, as an empty one does; {@link Snapshot#knows}
     * distinguishes them.
     *
     * @param cluster a name or an ARN
     * @return the narrower query
     */
    Q in(String cluster);

    /**
     * Narrows to the entities that pass a test. The test runs on every entity that passes the other steps.
     *
     * @param test a test without side effects
     * @return the narrower query
     */
    Q where(Predicate<? super T> test);

    /**
     * Whether an entity passes all steps of this query. The entity need not be in the snapshot.
     *
     * @param entity any entity of this kind
     * @return whether it passes
     */
    boolean matches(Observed<T> entity);

    /**
     * The matching entities.
     *
     * @return an immutable list
     */
    List<T> list();

    /**
     * The matching entities, searched for lazily.
     *
     * @return a sequential stream
     */
    Stream<T> stream();

    /**
     * The matching entities with their versions, revisions and times, searched for lazily.
     *
     * @return a sequential stream
     */
    Stream<Observed<T>> observed();

    /**
     * The number of matching entities.
     *
     * @return the number; found without a walk if the query has at most one step
     */
    int count();

    /**
     * Any matching entity.
     *
     * @return the entity; empty if none matches
     */
    Optional<T> first();

    /**
     * The clusters of the matching entities. Each cluster is searched up to its first match, so the cost grows with the
     * number of clusters.
     *
     * @return the clusters' ARNs, in no particular order; none for task definitions, which belong to no cluster
     */
    default Set<String> clusterArns() {
        return observed()
                .map(Observed::clusterArn)
                .filter(arn -> !arn.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }
}
