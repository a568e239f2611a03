package io.clusterstate.client;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.EcsRequest;
import software.amazon.awssdk.services.ecs.model.EcsResponse;

/**
 * A Describe operation for entities of a cluster. The view answers if it has each of them; it cannot prove that an
 * entity is missing in ECS, so that ECS alone reports {@code failures}.
 */
final class DescribeRead<Q extends EcsRequest, T> implements LocalRead<Q> {

    private final EntityKind<T> kind;
    private final Shape<Q, T> shape;
    private final OwnWrites writes;

    /**
     * The parts of an operation.
     *
     * @param fields the fields of a request that the view can answer
     * @param most the most entities in a request
     * @param cluster the request's cluster
     * @param references the ids, names or ARNs in the request
     * @param shown an entity as ECS answers it without any {@code include}; empty if the view's value is out of date
     * @param response the response, without failures
     */
    record Shape<Q, T>(
            Set<String> fields,
            int most,
            Function<Q, @Nullable String> cluster,
            Function<Q, List<String>> references,
            Shown<T> shown,
            Function<List<T>, EcsResponse.Builder> response) {}

    /** Finds how ECS shows an entity. */
    interface Shown<T> extends BiFunction<Observed<T>, Moment, Optional<T>> {}

    DescribeRead(EntityKind<T> kind, OwnWrites writes, Shape<Q, T> shape) {
        this.kind = kind;
        this.writes = writes;
        this.shape = shape;
    }

    @Override
    public Optional<String> clusterOf(Q request) {
        return Optional.of(Moment.meant(shape.cluster().apply(request)));
    }

    @Override
    public Answer answer(Q request, Moment now) {
        Optional<DelegationReason> obstacle = RequestFields.obstacle(request, shape.fields());
        if (obstacle.isPresent()) {
            return Answer.delegated(obstacle.get());
        }
        List<String> references = shape.references().apply(request);
        boolean isOrdinary = !references.isEmpty()
                && references.size() <= shape.most()
                && new HashSet<>(references).size() == references.size();
        if (!isOrdinary) {
            return Answer.delegated(DelegationReason.REQUEST);
        }
        Optional<Cluster> cluster = now.cluster(shape.cluster().apply(request));
        return cluster.isEmpty()
                ? Answer.delegated(DelegationReason.UNKNOWN)
                : described(references, cluster.get(), now);
    }

    private Answer described(List<String> references, Cluster cluster, Moment now) {
        List<T> shown = new ArrayList<>(references.size());
        for (String reference : references) {
            Optional<Observed<T>> found = now.find(kind, cluster, reference);
            if (found.isEmpty() || found.get().describedAt().isEmpty()) {
                return Answer.delegated(DelegationReason.UNKNOWN); // or known in part: events do not carry all fields
            }
            if (writes.isOpen(kind, cluster, found.get().arn(), now)) {
                return Answer.delegated(DelegationReason.OWN_WRITE);
            }
            Optional<T> value = shape.shown().apply(found.get(), now);
            if (value.isEmpty()) {
                return Answer.delegated(DelegationReason.STALE);
            }
            shown.add(value.get());
        }
        return Answer.of(shape.response().apply(shown));
    }
}
