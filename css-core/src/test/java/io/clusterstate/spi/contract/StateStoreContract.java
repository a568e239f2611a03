package io.clusterstate.spi.contract;

import io.clusterstate.spi.StateStore;
import java.time.Duration;
import org.junit.jupiter.api.Nested;

/**
 * The contract that every {@link StateStore} keeps, as tests. Extend it, build your store in {@link #newStore}, and all
 * of its chapters run on your store:
 *
 * <pre>{@code
 * class MyStateStoreTest extends StateStoreContract {
 *     @Override
 *     protected StateStore newStore(TestClock clock, Duration keepEnded, Duration keepTombstones) {
 *         return new MyStateStore(clock, keepEnded, keepTombstones);
 *     }
 * }
 * }</pre>
 *
 * <p>A chapter is a group of promises or duties. After every test, the last snapshot is checked: its indexes have to
 * agree with its entities. The chapter about order is random; it prints its seed when it fails, and
 * {@code -Dcss.seed=SEED} runs just that one.
 */
public abstract class StateStoreContract {

    /** For stores. */
    protected StateStoreContract() {}

    /**
     * A new store in which nothing is known; the test closes it. Several may be open at once, and share nothing.
     *
     * @param clock by which the store judges the ends of retentions; the test turns it
     * @param keepEnded how long ended entities are to be kept
     * @param keepTombstones how long removals are to be remembered
     * @return the store
     */
    protected abstract StateStore newStore(TestClock clock, Duration keepEnded, Duration keepTombstones);

    /**
     * How many random histories the chapter about order applies, each to several stores. Fewer for a slow store.
     *
     * @return the number
     */
    protected int histories() {
        return 1_000;
    }

    /** Which of two tellings stands. */
    @Nested
    class Versions extends VersionChapter {
        Versions() {
            super(StateStoreContract.this::newStore);
        }
    }

    /** What the API tells beyond events. */
    @Nested
    class ApiAnswers extends ApiAnswerChapter {
        ApiAnswers() {
            super(StateStoreContract.this::newStore);
        }
    }

    /** What is gone, and what brings it back. */
    @Nested
    class Removals extends RemovalChapter {
        Removals() {
            super(StateStoreContract.this::newStore);
        }
    }

    /** What ended, and how long it is kept. */
    @Nested
    class Retention extends RetentionChapter {
        Retention() {
            super(StateStoreContract.this::newStore);
        }
    }

    /** What is published for those who follow. */
    @Nested
    class Journal extends JournalChapter {
        Journal() {
            super(StateStoreContract.this::newStore);
        }
    }

    /** Services and clusters, which have no versions. */
    @Nested
    class Unversioned extends UnversionedChapter {
        Unversioned() {
            super(StateStoreContract.this::newStore);
        }
    }

    /** What {@code apply} answers. */
    @Nested
    class Batches extends BatchChapter {
        Batches() {
            super(StateStoreContract.this::newStore);
        }
    }

    /** What readers see. */
    @Nested
    class Snapshots extends SnapshotChapter {
        Snapshots() {
            super(StateStoreContract.this::newStore);
        }
    }

    /** Several writers and readers at once. */
    @Nested
    class Concurrency extends ConcurrencyChapter {
        Concurrency() {
            super(StateStoreContract.this::newStore);
        }
    }

    /** Any order and any duplication. */
    @Nested
    class Order extends OrderChapter {
        Order() {
            super(StateStoreContract.this::newStore, histories());
        }
    }
}
