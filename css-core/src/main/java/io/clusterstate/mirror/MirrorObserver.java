package io.clusterstate.mirror;

import io.clusterstate.ServiceNotice;
import io.clusterstate.StoreView;
import io.clusterstate.internal.event.ParsedBody;
import io.clusterstate.spi.Delivery;
import java.util.List;

/**
 * Passes on what polls bring besides changes.
 *
 * @param view publishes service notices to its subscribers
 * @param monitor judges whether events arrive
 */
record MirrorObserver(StoreView view, EventPathMonitor monitor) implements EventConsumer.Observer {

    @Override
    public void polls() {
        monitor.polls();
    }

    @Override
    public void polled(List<Delivery> deliveries) {
        monitor.polled(deliveries);
    }

    @Override
    public void read(ParsedBody reading, Delivery delivery) {
        monitor.read(reading, delivery);
    }

    @Override
    public void noticed(ServiceNotice notice) {
        view.noticed(notice);
    }
}
