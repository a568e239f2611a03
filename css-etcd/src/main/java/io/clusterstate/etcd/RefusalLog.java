package io.clusterstate.etcd;

import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the entities that the store refuses, each one once until it is accepted: every further event of such an entity
 * is refused, too.
 *
 * <p>Thread: one thread at a time.
 */
final class RefusalLog {

    /** The most entities that are remembered; when there are more, all may be logged again. */
    private static final int MAX_REMEMBERED = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);

    private final Set<String> refused = new HashSet<>();

    void refused(String arn, String reason) {
        if (refused.size() >= MAX_REMEMBERED) {
            refused.clear();
        }
        if (refused.add(arn)) {
            LOG.warn("{}: refused, the state before stays: {}", arn, reason);
        } else {
            LOG.debug("{}: refused again: {}", arn, reason);
        }
    }

    void accepted(String arn) {
        refused.remove(arn);
    }
}
