package io.clusterstate.mirror;

import io.clusterstate.ServiceNotice;
import io.clusterstate.StoreView;
import io.clusterstate.internal.event.ParsedBody;
import io.clusterstate.spi.Delivery;
import java.util.List;

/**
 * Passes on what is heard beside the changes that events tell.
 *
 * @param reconciler lists the clusters again when there is a new one
 * @param view tells its subscribers of notices
 * @param watch judges whether events arrive
 */
record MirrorObserver(Reconciler reconciler, StoreView view, EventPathMonitor watch) implements EventConsumer.Observer {

    @Override
    public void polls() {
        watch.polls();
    }

    @Override
    public void polled(List<Delivery> deliveries) {
        watch.polled(deliveries);
    }

    @Override
    public void read(ParsedBody reading, Delivery delivery) {
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
