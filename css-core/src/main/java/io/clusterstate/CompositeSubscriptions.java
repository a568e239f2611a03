package io.clusterstate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow;

/**
 * Begins the subscriptions of a composite view.
 *
 * @param members the members in their order, at least one
 */
record CompositeSubscriptions(List<CompositeMember> members) {

    /** Subscribes a listener to each member that has not ended, after the revisions that it knows. */
    Subscription subscribe(ChangeListener listener, Map<String, Long> afterRevisions) {
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

    /** Subscribes a subscriber of Reactive Streams, with one demand for all members. */
    void subscribe(Flow.Subscriber<? super ChangeBatch> flow) {
        FlowRecipient recipient = new FlowRecipient(flow);
        MergedSubscription merged = new MergedSubscription("publisher", recipient);
        members.forEach(each -> merged.add(each, each.view().subscribers().wholeStart()));
        flow.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long batches) {
                if (recipient.request(batches)) {
                    merged.wake();
                }
                members.forEach(each -> each.view().subscribers().notice());
            }

            @Override
            public void cancel() {
                merged.cancel();
            }
        });
        merged.begin();
    }
}
