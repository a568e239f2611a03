package io.clusterstate.internal.index;

import io.clusterstate.Observed;
import io.clusterstate.Query;
import io.clusterstate.ecs.EcsArn;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Tag;

/**
 * A query to a table. Cluster by cluster, it walks the criterion with the fewest entities and tests the other criteria.
 *
 * @param <T> the AWS SDK's type of the entities
 * @param <Q> the type of the query itself
 */
abstract class IndexedQuery<T, Q extends Query<T, Q>> implements Query<T, Q> {

    /**
     * The steps of a query.
     *
     * @param table the table
     * @param cluster a name or an ARN; null for all clusters
     * @param criteria the steps that indexes can answer
     * @param tests the other steps
     * @param words each of those steps in the words of the API
     * @param callsHost whether one of the tests is the host's
     */
    record Steps<T>(
            Table<T> table,
            @Nullable String cluster,
            List<Criterion<T>> criteria,
            List<Predicate<Observed<T>>> tests,
            List<String> words,
            boolean callsHost) {

        static <T> Steps<T> none(Table<T> table) {
            return new Steps<>(table, null, List.of(), List.of(), List.of(), false);
        }

        Steps<T> in(String onlyCluster) {
            return new Steps<>(table, onlyCluster, criteria, tests, words, callsHost);
        }

        /** Adds a criterion that repeats a part of another step. */
        Steps<T> and(Criterion<T> criterion) {
            return new Steps<>(table, cluster, append(criteria, criterion), tests, words, callsHost);
        }

        Steps<T> and(Criterion<T> criterion, String text) {
            return new Steps<>(table, cluster, append(criteria, criterion), tests, append(words, text), callsHost);
        }

        Steps<T> and(Predicate<Observed<T>> test, String text) {
            return new Steps<>(table, cluster, criteria, append(tests, test), append(words, text), callsHost);
        }

        Steps<T> callingHost() {
            return new Steps<>(table, cluster, criteria, tests, words, true);
        }
    }

    private final String subject;
    private final Steps<T> steps;

    IndexedQuery(String subject, Steps<T> steps) {
        this.subject = subject;
        this.steps = steps;
    }

    Steps<T> steps() {
        return steps;
    }

    /** This query with other steps. */
    abstract Q with(Steps<T> narrower);

    @Override
    public Q in(String cluster) {
        if (steps.cluster != null && !steps.cluster.equals(cluster)) {
            throw new IllegalStateException("in: " + cluster + " (expected: the only cluster, " + steps.cluster + ")");
        }
        return with(steps.in(cluster));
    }

    @Override
    public Q where(Predicate<? super T> test) {
        return with(steps.and(observed -> test.test(observed.value()), "where a test passes")
                .callingHost());
    }

    /** Narrows to the entities whose property has a value. */
    Q where(IndexField<T> field, String value, Function<T, @Nullable String> property) {
        Criterion<T> criterion = new Criterion<>(
                field, List.of(value), observed -> value.equals(property.apply(observed.value())), true);
        return where(criterion, field.name() + " " + value);
    }

    /** Narrows to the entities whose closed property has a value, which must be one that ECS documents. */
    Q where(IndexField<T> field, KnownValues known, String value, Function<T, @Nullable String> property) {
        return where(field, known.require(value), property);
    }

    /** Narrows to the entities that have a tag. */
    Q tagged(Function<T, List<Tag>> tags, String key, String value) {
        return where(
                entity ->
                        tags.apply(entity).stream().anyMatch(tag -> key.equals(tag.key()) && value.equals(tag.value())),
                "tagged " + key + "=" + value);
    }

    Q where(Criterion<T> criterion, String text) {
        return with(steps.and(criterion, text));
    }

    Q where(Predicate<? super T> test, String text) {
        return with(steps.and(observed -> test.test(observed.value()), text));
    }

    @Override
    public boolean matches(Observed<T> entity) {
        return (steps.cluster == null || isIn(steps.cluster, entity.clusterArn()))
                && steps.criteria.stream()
                        .allMatch(criterion -> criterion.test().test(entity))
                && steps.tests.stream().allMatch(test -> test.test(entity));
    }

    private static boolean isIn(String nameOrArn, String clusterArn) {
        return clusterArn.equals(nameOrArn) || EcsArn.nameOf(clusterArn).equals(nameOrArn);
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
        if (steps.cluster == null && steps.criteria.isEmpty()) {
            return filter(streamOf(steps.table.rows().values()), null);
        }
        return clusters().flatMap(this::inCluster);
    }

    @Override
    public int count() {
        if (!steps.tests.isEmpty()
                || steps.criteria.size() > 1
                || steps.criteria.stream().anyMatch(c -> !c.exact())) {
            return (int) observed().count();
        }
        if (steps.cluster == null && steps.criteria.isEmpty()) {
            return steps.table.rows().size();
        }
        return clusters().mapToInt(this::sizeIn).sum();
    }

    @Override
    public Optional<T> first() {
        return stream().findFirst();
    }

    @Override
    public Set<String> clusterArns() {
        return clusters()
                .filter(arn -> !arn.isEmpty() && inCluster(arn).findFirst().isPresent())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The query in the words of the API, such as {@code tasks in prod, family web, status RUNNING}. */
    @Override
    public String toString() {
        String where = steps.cluster == null ? "" : " in " + steps.cluster;
        return subject + where + steps.words.stream().map(word -> ", " + word).collect(Collectors.joining());
    }

    private int sizeIn(String clusterArn) {
        return steps.criteria.isEmpty()
                ? steps.table.members(clusterArn).size()
                : steps.criteria.get(0).size(steps.table, clusterArn);
    }

    private Stream<String> clusters() {
        PersistentSet<String> clusters =
                steps.cluster == null ? steps.table.clusters() : steps.table.clusters(steps.cluster);
        return streamOf(clusters.iterator());
    }

    /** The matches in a cluster. If one of the criteria has none there, no stream is made. */
    private Stream<Observed<T>> inCluster(String clusterArn) {
        if (steps.criteria.isEmpty()) {
            return filter(streamOf(steps.table.members(clusterArn).iterator()).map(steps.table::get), null);
        }
        Criterion<T> walked = steps.criteria.get(0);
        int fewest = walked.size(steps.table, clusterArn);
        for (Criterion<T> other : steps.criteria.subList(1, steps.criteria.size())) {
            int size = other.size(steps.table, clusterArn);
            if (size < fewest) {
                walked = other;
                fewest = size;
            }
        }
        return fewest == 0 ? Stream.empty() : filter(found(clusterArn, walked).map(steps.table::get), walked);
    }

    private Stream<String> found(String clusterArn, Criterion<T> walked) {
        List<String> keys = walked.keysIn().apply(clusterArn);
        Stream<String> arns = keys.stream()
                .flatMap(key -> streamOf(
                        steps.table.find(clusterArn, walked.field(), key).iterator()));
        return keys.size() > 1 && !walked.field().hasOneKey() ? arns.distinct() : arns;
    }

    private Stream<Observed<T>> filter(Stream<Observed<T>> candidates, @Nullable Criterion<T> walked) {
        Stream<Observed<T>> left = candidates;
        for (Criterion<T> criterion : steps.criteria) {
            if (!criterion.equals(walked) || !criterion.exact()) {
                left = left.filter(criterion.test());
            }
        }
        for (Predicate<Observed<T>> test : steps.tests) {
            left = left.filter(test);
        }
        return left;
    }

    private static <E> List<E> append(List<E> list, E last) {
        List<E> longer = new ArrayList<>(list);
        longer.add(last);
        return List.copyOf(longer);
    }

    private static <E> Stream<E> streamOf(Iterator<E> iterator) {
        int traits = Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(iterator, traits), false);
    }
}
