package io.clusterstate.examples.stateserver;

import io.clusterstate.mirror.MirrorPlace;
import java.util.Optional;

/**
 * A place to mirror or to read.
 *
 * @param name the name; empty if the place is the only one
 * @param region the Region; empty for that of the SDK
 * @param role the ARN of the role to assume, if there is one
 * @param queue the queue's name, URL or ARN; empty if this process only reads, or simulates
 */
record Place(Optional<MirrorPlace> name, Optional<String> region, Optional<String> role, Optional<String> queue) {}
