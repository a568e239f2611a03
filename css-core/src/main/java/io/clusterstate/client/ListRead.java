package io.clusterstate.client;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.EcsRequest;
import software.amazon.awssdk.services.ecs.model.EcsResponse;

/** A List operation: the ARNs that a query finds, in pages. */
final class ListRead<Q extends EcsRequest> implements LocalRead<Q> {

    /** The most results of a page. Source: the ECS API reference, {@code maxResults} of each List operation. */
    private static final int MOST = 100;

    private final Paging<Q> paging;
    private final Shape<Q> shape;
    private final PinnedLists lists;

    /**
     * The page that a request asks for.
     *
     * @param token the request's token
     * @param size the request's {@code maxResults}
     * @param standard the size of a page without {@code maxResults}
     * @param filters the request without token and {@code maxResults}, the same for all pages of a list
     */
    record Paging<Q>(
            Function<Q, @Nullable String> token,
            Function<Q, @Nullable Integer> size,
            int standard,
            UnaryOperator<Q> filters) {}

    /**
     * The parts of an operation.
     *
     * @param fields the fields of a request that the view can answer
     * @param cluster the cluster of a request, if the operation is about one
     * @param finder finds the ARNs of all pages
     * @param response the response with the ARNs of a page and the next token, null on the last page
     */
    record Shape<Q>(
            Set<String> fields,
            Function<Q, Optional<String>> cluster,
            Finder<Q> finder,
            BiFunction<List<String>, @Nullable String, EcsResponse.Builder> response) {}

    /** Finds the ARNs that match a request. */
    interface Finder<Q> {
        Found find(Q request, Moment now);
    }

    /** The ARNs that a finder found, or the reason why ECS has to answer. */
    record Found(List<String> arns, Optional<DelegationReason> obstacle) {
        static Found of(List<String> arns) {
            return new Found(arns, Optional.empty());
        }

        static Found delegated(DelegationReason reason) {
            return new Found(List.of(), Optional.of(reason));
        }
    }

    ListRead(PinnedLists lists, Paging<Q> paging, Shape<Q> shape) {
        this.lists = lists;
        this.paging = paging;
        this.shape = shape;
    }

    @Override
    public Optional<String> clusterOf(Q request) {
        return shape.cluster().apply(request);
    }

    @Override
    public Optional<Answer> resumed(Q request) {
        String token = paging.token().apply(request);
        if (token == null || !PinnedLists.isOwn(token)) {
            return Optional.empty();
        }
        int size = sizeOf(request);
        return Optional.of(
                size == 0
                        ? Answer.delegated(DelegationReason.REQUEST)
                        : page(lists.next(token, paging.filters().apply(request), size)));
    }

    @Override
    public Answer answer(Q request, Moment now) {
        if (paging.token().apply(request) != null) {
            return Answer.delegated(DelegationReason.TOKEN);
        }
        Optional<DelegationReason> obstacle = RequestFields.obstacle(request, shape.fields());
        int size = sizeOf(request);
        if (obstacle.isPresent() || size == 0) {
            return Answer.delegated(obstacle.orElse(DelegationReason.REQUEST));
        }
        Found found = shape.finder().find(request, now);
        return found.obstacle().isPresent()
                ? Answer.delegated(found.obstacle().get())
                : page(lists.first(paging.filters().apply(request), found.arns(), size));
    }

    private Answer page(PinnedLists.Page page) {
        return Answer.of(shape.response().apply(page.arns(), page.nextToken().isEmpty() ? null : page.nextToken()));
    }

    /** The size of a page; 0 for a size that ECS refuses. */
    private int sizeOf(Q request) {
        Integer size = paging.size().apply(request);
        if (size == null) {
            return paging.standard();
        }
        return size < 1 || size > MOST ? 0 : size;
    }
}
