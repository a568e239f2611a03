package io.clusterstate.internal.expect;

import io.clusterstate.Reservation;
import java.util.List;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.StartTaskResponse;
import software.amazon.awssdk.services.ecs.model.Task;

/** The room that a hold of the ledger stands for, as the host concludes it. */
final class HeldRoom implements Reservation {

    private final OpenExpectations open;
    private final long id;
    private final String instanceArn;

    HeldRoom(OpenExpectations open, long id, String instanceArn) {
        this.open = open;
        this.id = id;
        this.instanceArn = instanceArn;
    }

    @Override
    public Reservation startedBy(String mark) {
        update(hold -> hold.marked(mark));
        return this;
    }

    @Override
    public void launched(RunTaskResponse response) {
        launched(response.tasks());
    }

    @Override
    public void launched(StartTaskResponse response) {
        launched(response.tasks());
    }

    private void launched(List<Task> tasks) {
        List<Launch> launches = open.launches(tasks);
        open.change((ledger, base) -> Entry.concluded(ledger, base, id, launches, open.now()));
    }

    @Override
    public void release() {
        open.change((ledger, base) -> {
            Hold hold = ledger.holds().get(id);
            return hold == null ? ledger : ledger.without(hold);
        });
    }

    @Override
    public void unknown() {
        Hold held = open.current().holds().get(id);
        if (held != null && held.mark() == null) {
            throw new IllegalStateException(
                    "startedBy: none for the reservation on " + instanceArn + " (expected: named before the call)");
        }
        Noted now = open.now();
        update(hold -> hold.isUnknown() ? hold : hold.asking(now, Hold.Asking.from(now.nanos())));
    }

    private void update(UnaryOperator<Hold> update) {
        open.change((ledger, base) -> {
            Hold hold = ledger.holds().get(id);
            return hold == null ? ledger : ledger.with(update.apply(hold));
        });
    }

    @Override
    public String toString() {
        return "reservation on " + instanceArn;
    }
}
