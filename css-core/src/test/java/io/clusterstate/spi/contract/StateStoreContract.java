package io.clusterstate.spi.contract;

import io.clusterstate.spi.StateStore;
import java.time.Duration;
import org.junit.jupiter.api.Nested;

/**
 * The contract of every {@link StateStore}, as tests. Extend this class and build your store in {@link #newStore}; all
 * chapters then run on your store:
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
 * <p>A chapter is a group of promises or duties. After every test, the last snapshot is checked: its indexes must agree
 * with its entities. The chapter about order is random. A failure prints its seed, and {@code -Dcss.seed=SEED} repeats
 * it.
 */
public abstract class StateStoreContract {

    /** Creates the contract. */
    protected StateStoreContract() {}

    /**
     * Opens an empty store, which the test closes. Several may be open at once, and share nothing.
     *
     * @param clock the clock for retentions, which the test sets
     * @param keepEnded the retention of ended entities
     * @param keepTombstones the retention of tombstones
     * @return the store
     */
    protected abstract StateStore newStore(TestClock clock, Duration keepEnded, Duration keepTombstones);

    /**
     * The number of random histories in the chapter about order, each applied to several stores. Fewer for a slow
     * store.
     *
     * @return the number
     */
    protected int histories() {
        return 1_000;
    }

    /** The order of values. */
    @Nested
    class Versions extends VersionChapter {
        Versions() {
            super(StateStoreContract.this::newStore);
        }
    }

    /** The fields that only the API reports. */
    @Nested
    class ApiAnswers extends ApiAnswerChapter {
        ApiAnswers() {
            super(StateStoreContract.this::newStore);
        }
    }

    /** Removals, and revivals. */
    @Nested
    class Removals extends RemovalChapter {
        Removals() {
            super(StateStoreContract.this::newStore);
        }
    }

    /** Ended entities, and their retention. */
    @Nested
    class Retention extends RetentionChapter {
        Retention() {
            super(StateStoreContract.this::newStore);
        }
    }

    /** The published changes. */
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

    /** The results of {@code apply}. */
    @Nested
    class Batches extends BatchChapter {
        Batches() {
            super(StateStoreContract.this::newStore);
        }
    }

    /** The snapshots that readers see. */
    @Nested
    class Snapshots extends SnapshotChapter {
        Snapshots() {
            super(StateStoreContract.this::newStore);
        }
    }

    /** Concurrent writers and readers. */
    @Nested
    class Concurrency extends ConcurrencyChapter {
        Concurrency() {
            super(StateStoreContract.this::newStore);
        }
    }

    /** Any order and duplication. */
    @Nested
    class Order extends OrderChapter {
        Order() {
            super(StateStoreContract.this::newStore, histories());
        }
    }
}
