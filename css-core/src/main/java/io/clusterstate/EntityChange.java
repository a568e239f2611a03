package io.clusterstate;

import static java.util.Objects.requireNonNull;

import io.clusterstate.spi.Applied;
import org.jspecify.annotations.Nullable;

/**
 * One entity changed in a view: it was added, changed or removed.
 *
 * <p>{@link #before()} and {@link #after()} carry the old and the new value; at least one of them is there. In the
 * changes that one listener is told of, {@code before} is what it was told last.
 *
 * @param kind the kind of the entity
 * @param before the entity as it was; null if it was added
 * @param after the entity as it is; null if it was removed
 * @param cause why
 * @param revision the store's counter at this change; several changes of one batch may share one. Of a removal that was
 *     found by comparing snapshots: that of the newer snapshot
 * @param <T> the AWS SDK's type of the entity
 */
public record EntityChange<T>(
        EntityKind<T> kind,
        @Nullable Observed<T> before,
        @Nullable Observed<T> after,
        ChangeCause cause,
        long revision) {

    /**
     * A change, as for the test of a handler.
     *
     * @param kind the kind of the entity
     * @param before the entity as it was; null if it was added
     * @param after the entity as it is; null if it was removed
     * @param cause why
     * @param revision the store's counter at this change
     * @throws IllegalArgumentException if it has neither an old nor a new value
     */
    public EntityChange {
        requireNonNull(kind);
        requireNonNull(cause);
        if (before == null && after == null) {
            throw new IllegalArgumentException("before, after: null (expected: at least one of them)");
        }
    }

    /**
     * What brought a value that was not there, or that was another.
     *
     * @param before the entity as it was; null if it was not there
     * @param after the entity as it is
     * @param <T> the AWS SDK's type of the entity
     * @return the change, with the cause and the revision that {@code after} tells
     */
    public static <T> EntityChange<T> to(@Nullable Observed<T> before, Observed<T> after) {
        return new EntityChange<>(after.kind(), before, after, ChangeCause.of(after.origin()), after.revision());
    }

    /**
     * A removal.
     *
     * @param before the entity as it was last
     * @param cause why it is gone
     * @param revision the store's counter at the removal
     * @param <T> the AWS SDK's type of the entity
     * @return the change
     */
    public static <T> EntityChange<T> removal(Observed<T> before, ChangeCause cause, long revision) {
        return new EntityChange<>(before.kind(), before, null, cause, revision);
    }

    /** What a store took in, if it had an effect. */
    static EntityChange<?> of(Applied applied) {
        return of(applied.change().kind(), applied);
    }

    @SuppressWarnings("unchecked") // a change and the values that it replaces are of one kind
    private static <T> EntityChange<T> of(EntityKind<T> kind, Applied applied) {
        return new EntityChange<>(
                kind,
                (Observed<T>) applied.before(),
                (Observed<T>) applied.after(),
                ChangeCause.of(applied.change()),
                applied.revision());
    }

    /**
     * The entity, as it is or, if it was removed, as it was last.
     *
     * @return the newer of the two values
     */
    public Observed<T> latest() {
        return after != null ? after : requireNonNull(before);
    }

    /**
     * The entity's ARN.
     *
     * @return the ARN
     */
    public String arn() {
        return latest().arn();
    }

    /**
     * Whether the entity was not there before.
     *
     * @return true if it was added
     */
    public boolean isAddition() {
        return before == null;
    }

    /**
     * Whether the entity is not there any more.
     *
     * @return true if it was removed
     */
    public boolean isRemoval() {
        return after == null;
    }

    @Override
    public String toString() {
        String what = isAddition() ? "added" : isRemoval() ? "removed" : "changed";
        return kind + " " + arn() + " " + what + " at revision " + revision + " (" + cause + ")";
    }
}
