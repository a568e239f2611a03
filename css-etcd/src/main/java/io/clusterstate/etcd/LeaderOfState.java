package io.clusterstate.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.op.Op;
import java.util.List;

/**
 * The key of the mirror that leads on a state. Its put counts as a write to the state, and the replica sees it.
 *
 * @param keys the names of the keys
 * @param replica the replica of the state
 */
record LeaderOfState(Keys keys, Replica replica) implements LeaderKey {

    @Override
    public ByteSequence key() {
        return keys.leader();
    }

    @Override
    public List<Op> besides() {
        return List.of(Head.put(keys));
    }

    @Override
    public boolean isKnown() {
        return replica.isLoaded();
    }

    @Override
    public long term() {
        return replica.marks().leader();
    }

    @Override
    public long upTo() {
        return replica.upTo();
    }

    @Override
    public boolean awaitUpTo(long revision, long deadline) throws InterruptedException {
        return replica.awaitUpTo(revision, deadline);
    }

    @Override
    public void afterMove(Runnable hook) {
        replica.afterMove(hook);
    }
}
