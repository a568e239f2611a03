package io.clusterstate.etcd;

import java.util.List;

/**
 * The first keys of a range.
 *
 * @param revision the revision of etcd at the time of the answer
 * @param updates the keys, in etcd's order, each with its last change
 */
record Page(long revision, List<KeyUpdate> updates) {}
