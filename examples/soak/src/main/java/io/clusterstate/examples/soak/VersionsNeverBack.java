package io.clusterstate.examples.soak;

import io.clusterstate.ChangeBatch;
import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Promise 1: the version of an entity never goes back, neither for a listener nor for a reader of snapshots. */
final class VersionsNeverBack extends Law {

    private final BooleanSupplier mayGoBack;
    private Map<String, Long> last = new HashMap<>();

    /** @param mayGoBack whether a backup of the store was restored lately */
    VersionsNeverBack(String where, Findings findings, BooleanSupplier mayGoBack) {
        super(where, findings);
        this.mayGoBack = mayGoBack;
    }

    @Override
    void batch(ChangeBatch batch) {
        if (batch.type() == ChangeBatch.Type.RESET && mayGoBack.getAsBoolean()) {
            return;
        }
        batch.changes().forEach(change -> {
            Observed<?> before = change.before();
            Observed<?> after = change.after();
            require(
                    before == null || after == null || after.version() >= before.version(),
                    () -> "a listener heard of " + change + ", from version " + change.before() + " to "
                            + change.after());
        });
    }

    @Override
    void seen(Snapshot snapshot) {
        boolean isExempt = mayGoBack.getAsBoolean();
        Map<String, Long> next = new HashMap<>();
        Stream.of(EntityKind.TASK, EntityKind.INSTANCE)
                .flatMap(kind -> snapshot.query(kind).observed())
                .forEach(each -> {
                    next.put(each.arn(), each.version());
                    Long before = last.get(each.arn());
                    require(
                            isExempt || before == null || each.version() >= before,
                            () -> "a snapshot shows " + each + " (expected: version " + before + " or later)");
                });
        last = next;
    }
}
