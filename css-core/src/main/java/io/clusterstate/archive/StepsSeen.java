package io.clusterstate.archive;

import io.clusterstate.ChangeBatch;
import io.clusterstate.ServiceNotice;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The last steps of each entity that a subscription saw. Bounded: the entities with the newest steps, and the newest
 * steps of each.
 *
 * <p>Thread: safe for any thread.
 */
final class StepsSeen {

    static final int MOST_ENTITIES = 20_000;
    static final int MOST_STEPS = 50;

    private final Map<String, Deque<HistoryStep>> steps = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Deque<HistoryStep>> eldest) {
            return size() > MOST_ENTITIES;
        }
    };

    void note(ChangeBatch batch) {
        batch.changes().forEach(change -> StepReader.stepsOf(change, batch).forEach(step -> add(change.arn(), step)));
    }

    void note(ServiceNotice notice) {
        add(notice.serviceArn(), StepReader.stepOf(notice));
    }

    private synchronized void add(String arn, HistoryStep step) {
        Deque<HistoryStep> own = steps.computeIfAbsent(arn, unknown -> new ArrayDeque<>(4));
        if (own.size() == MOST_STEPS) {
            own.removeFirst();
        }
        own.addLast(step);
    }

    synchronized List<HistoryStep> of(String arn) {
        Deque<HistoryStep> own = steps.get(arn);
        return own == null ? List.of() : List.copyOf(own);
    }

    synchronized void forget(String arn) {
        steps.remove(arn);
    }
}
