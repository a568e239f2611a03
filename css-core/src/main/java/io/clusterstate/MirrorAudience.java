package io.clusterstate;

import io.clusterstate.internal.event.Reading;
import io.clusterstate.spi.Delivery;
import java.util.List;

/**
 * Passes on what is heard beside the changes that events tell.
 *
 * @param reconciler lists the clusters again when there is a new one
 * @param view tells its subscribers of notices
 * @param watch judges whether events arrive
 */
record MirrorAudience(Reconciler reconciler, StoreView view, EventPathWatch watch) implements EventConsumer.Audience {

    @Override
    public void polls() {
        watch.polls();
    }

    @Override
    public void polled(List<Delivery> deliveries) {
        watch.polled(deliveries);
    }

    @Override
    public void read(Reading reading, Delivery delivery) {
        watch.read(reading, delivery);
    }

    @Override
    public void heardOf(String clusterArn) {
        reconciler.heardOf(clusterArn);
    }

    @Override
    public void noticed(ServiceNotice notice) {
        view.noticed(notice);
    }
}
