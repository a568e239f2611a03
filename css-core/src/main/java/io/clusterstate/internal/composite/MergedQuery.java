package io.clusterstate.internal.composite;

import io.clusterstate.Observed;
import io.clusterstate.Query;
import io.clusterstate.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A query to the snapshots of several members. Each step narrows the query to each of them; the results follow each
 * other in the order of members.
 *
 * @param <T> the AWS SDK's type of the entities
 * @param <Q> the type of the query itself
 */
abstract class MergedQuery<T, Q extends Query<T, Q>> implements Query<T, Q> {

    /** The query to the snapshot of a member. */
    record Part<Q>(Snapshot snapshot, Q query) {}

    private final List<Part<Q>> parts;

    MergedQuery(List<Part<Q>> parts) {
        this.parts = parts;
    }

    static <Q> List<Part<Q>> to(List<Snapshot> snapshots, Function<Snapshot, Q> query) {
        return snapshots.stream()
                .map(snapshot -> new Part<>(snapshot, query.apply(snapshot)))
                .toList();
    }

    /** This query with other parts. */
    abstract Q with(List<Part<Q>> narrower);

    /** This query with a further step. */
    Q each(UnaryOperator<Q> step) {
        return with(parts.stream()
                .map(part -> new Part<>(part.snapshot, step.apply(part.query)))
                .toList());
    }

    @Override
    public Q in(String cluster) {
        return each(query -> query.in(cluster));
    }

    @Override
    public Q where(Predicate<? super T> test) {
        return each(query -> query.where(test));
    }

    @Override
    public boolean matches(Observed<T> entity) {
        return ownerOf(entity).query.matches(entity);
    }

    /** A step about other entities, such as {@code task:group}, holds in the snapshot that has the entity. */
    private Part<Q> ownerOf(Observed<T> entity) {
        return first(part -> part.snapshot.observed(entity.kind(), entity.arn()).isPresent())
                .or(() -> first(part -> part.snapshot.knows(entity.clusterArn())))
                .orElse(parts.get(0));
    }

    private Optional<Part<Q>> first(Predicate<Part<Q>> test) {
        return parts.size() == 1
                ? Optional.of(parts.get(0))
                : parts.stream().filter(test).findFirst();
    }

    @Override
    public List<T> list() {
        return stream().toList();
    }

    @Override
    public Stream<T> stream() {
        return observed().map(Observed::value);
    }

    @Override
    public Stream<Observed<T>> observed() {
        return parts.stream().flatMap(part -> part.query.observed());
    }

    @Override
    public int count() {
        return parts.stream().mapToInt(part -> part.query.count()).sum();
    }

    @Override
    public Optional<T> first() {
        return stream().findFirst();
    }

    @Override
    public Set<String> clusterArns() {
        return parts.stream()
                .flatMap(part -> part.query.clusterArns().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public String toString() {
        return parts.get(0).query + " of " + parts.size() + " members";
    }
}
