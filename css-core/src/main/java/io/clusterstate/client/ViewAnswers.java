package io.clusterstate.client;

import io.clusterstate.ClusterStateView;
import io.clusterstate.Expectations;
import io.clusterstate.NotReadyException;
import io.clusterstate.ReadPolicy;
import io.clusterstate.StaleViewException;
import io.clusterstate.UnknownClusterException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.EcsRequest;

/** Answers requests from a view, as far as its readiness and a policy admit. */
final class ViewAnswers {

    private final ClusterStateView view;
    private final ReadPolicy policy;
    private final @Nullable Expectations mine;
    private final LocalReads reads;

    ViewAnswers(ClusterStateView view, ReadPolicy policy, @Nullable Expectations mine, LocalReads reads) {
        this.view = view;
        this.policy = policy;
        this.mine = mine;
        this.reads = reads;
    }

    <Q extends EcsRequest> Answer answer(Q request) {
        Optional<LocalRead<Q>> read = reads.of(request);
        if (read.isEmpty()) {
            return Answer.delegated(DelegationReason.OPERATION);
        }
        if (Bypass.isIn(request)) {
            return Answer.delegated(DelegationReason.BYPASS);
        }
        return read.get().resumed(request).orElseGet(() -> fromView(read.get(), request));
    }

    private <Q extends EcsRequest> Answer fromView(LocalRead<Q> read, Q request) {
        try {
            return read.answer(request, moment(read.clusterOf(request)));
        } catch (NotReadyException e) {
            return Answer.delegated(DelegationReason.NOT_READY);
        } catch (StaleViewException e) {
            return Answer.delegated(DelegationReason.STALE);
        } catch (UnknownClusterException e) {
            return Answer.delegated(DelegationReason.UNKNOWN);
        }
    }

    /** The view's state; empty if it is not ready. */
    Optional<Moment> now() {
        return view.isReady() ? Optional.of(new Moment(view.snapshot(), view.freshness())) : Optional.empty();
    }

    private Moment moment(Optional<String> cluster) {
        ReadPolicy.Result result = view.read(cluster.map(policy::in).orElse(policy));
        return new Moment(mine == null ? result.snapshot() : mine.snapshot(), result.freshness());
    }
}
