package io.clusterstate;

import io.clusterstate.testing.Entities;
import java.util.LinkedHashMap;
import java.util.Map;

/** Views of two Regions and a second account, which a test fills, and a composite view over them. */
final class Places implements AutoCloseable {

    static final String EU = "eu-west-1";
    static final String US = "us-east-1";
    static final String OTHER = "other-account";

    /** A cluster of one name in each place. */
    static final Map<String, String> CLUSTERS = Map.of(
            EU, "arn:aws:ecs:eu-west-1:123456789012:cluster/prod",
            US, "arn:aws:ecs:us-east-1:123456789012:cluster/prod",
            OTHER, "arn:aws:ecs:us-east-1:210987654321:cluster/prod");

    final Watched eu;
    final Watched us;
    final Watched other;
    final CompositeView view;

    private Places(Watched eu, Watched us, Watched other) {
        this.eu = eu;
        this.us = us;
        this.other = other;
        this.view = CompositeView.of(views());
    }

    /** Subscribers have threads. */
    static Places live() {
        return new Places(Watched.live(), Watched.live(), Watched.live());
    }

    /** Subscribers are told when the test says so. */
    static Places byHand() {
        return new Places(Watched.byHand(), Watched.byHand(), Watched.byHand());
    }

    private Map<String, ClusterStateView> views() {
        Map<String, ClusterStateView> views = new LinkedHashMap<>();
        views.put(EU, eu.view);
        views.put(US, us.view);
        views.put(OTHER, other.view);
        return views;
    }

    Watched at(String place) {
        return place.equals(EU) ? eu : place.equals(US) ? us : other;
    }

    /** Puts a running task at version 1 into a place; returns its ARN. */
    String put(String place, String id) {
        return put(place, id, 1);
    }

    String put(String place, String id, long version) {
        at(place).put(Entities.task(CLUSTERS.get(place), id, version));
        return arn(place, id);
    }

    static String arn(String place, String id) {
        return Entities.taskArn(CLUSTERS.get(place), id);
    }

    @Override
    public void close() {
        eu.close();
        us.close();
        other.close();
    }
}
