package io.clusterstate;

import static java.util.Objects.requireNonNull;

import io.clusterstate.spi.Applied;
import org.jspecify.annotations.Nullable;

/**
 * A change of one entity in a view: an addition, an update or a removal.
 *
 * <p>At least one of {@link #before()} and {@link #after()} is present. For a listener, {@code before} is the value
 * that it was told last.
 *
 * @param kind the kind of the entity
 * @param before the previous value; null for an addition
 * @param after the new value; null for a removal
 * @param cause the cause of the change
 * @param revision the store's counter at this change; changes of a batch may share it. A removal that was found by
 *     comparing snapshots has the revision of the newer snapshot
 * @param <T> the AWS SDK's type of the entity
 */
public record EntityChange<T>(
        EntityKind<T> kind,
        @Nullable Observed<T> before,
        @Nullable Observed<T> after,
        ChangeCause cause,
        long revision) {

    /**
     * Creates a change, for instance to test a handler.
     *
     * @param kind the kind of the entity
     * @param before the previous value; null for an addition
     * @param after the new value; null for a removal
     * @param cause the cause of the change
     * @param revision the store's counter at this change
     * @throws IllegalArgumentException if both values are null
     */
    public EntityChange {
        requireNonNull(kind);
        requireNonNull(cause);
        if (before == null && after == null) {
            throw new IllegalArgumentException("before, after: null (expected: at least one of them)");
        }
    }

    /**
     * An addition or an update.
     *
     * @param before the previous value; null for an addition
     * @param after the new value
     * @param <T> the AWS SDK's type of the entity
     * @return the change, with the cause and the revision of {@code after}
     */
    public static <T> EntityChange<T> to(@Nullable Observed<T> before, Observed<T> after) {
        return new EntityChange<>(after.kind(), before, after, ChangeCause.of(after.origin()), after.revision());
    }

    /**
     * A removal.
     *
     * @param before the last value
     * @param cause the cause of the removal
     * @param revision the store's counter at the removal
     * @param <T> the AWS SDK's type of the entity
     * @return the change
     */
    public static <T> EntityChange<T> removal(Observed<T> before, ChangeCause cause, long revision) {
        return new EntityChange<>(before.kind(), before, null, cause, revision);
    }

    /** The change of a store that had an effect. */
    static EntityChange<?> of(Applied applied) {
        return of(applied.change().kind(), applied);
    }

    @SuppressWarnings("unchecked") // a change and its previous value are of one kind
    private static <T> EntityChange<T> of(EntityKind<T> kind, Applied applied) {
        return new EntityChange<>(
                kind,
                (Observed<T>) applied.before(),
                (Observed<T>) applied.after(),
                ChangeCause.of(applied.change()),
                applied.revision());
    }

    /**
     * The newer of the two values: the present one, or for a removal the last one.
     *
     * @return the value
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
     * Whether the change is an addition.
     *
     * @return whether there is no previous value
     */
    public boolean isAddition() {
        return before == null;
    }

    /**
     * Whether the change is a removal.
     *
     * @return whether there is no new value
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
