package io.clusterstate;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A question to one {@link Snapshot}. Each step narrows it and gives a new question, so that a question can be kept and
 * narrowed in several ways; all that it answers is about the snapshot's moment (promise 7).
 *
 * <p><b>Cost</b>: all but {@link #where} is answered from indexes. Of the steps given, the one with the fewest entities
 * is walked and the others are checked on these, so that the cost follows what is found there and not what exists.
 *
 * <p>Entities come in no promised order; the same question to the same snapshot gives the same order.
 *
 * <p>Not to be implemented by applications: methods may be added.
 *
 * <p>Thread: immutable. Blocks: never.
 *
 * @param <T> the AWS SDK's type of the entities
 * @param <Q> the type of the question itself
 */
public interface Query<T, Q extends Query<T, Q>> {

    /**
     * Only those of one cluster. A name that several accounts or Regions have stands for all of these clusters.
     *
     * @param cluster a name or an ARN
     * @return the narrower question
     */
    Q in(String cluster);

    /**
     * Only those that pass a test of the caller's, which is asked for every entity that the other steps leave.
     *
     * @param test must not have effects
     * @return the narrower question
     */
    Q where(Predicate<? super T> test);

    /**
     * Whether an entity is among those that are asked for, be it in the snapshot or not.
     *
     * @param entity any entity of this kind
     * @return true if all steps leave it in
     */
    boolean matches(Observed<T> entity);

    /**
     * The entities.
     *
     * @return an immutable list
     */
    List<T> list();

    /**
     * The entities, found as the stream is drawn from.
     *
     * @return a sequential stream
     */
    Stream<T> stream();

    /**
     * The entities with their versions, revisions and times, found as the stream is drawn from.
     *
     * @return a sequential stream
     */
    Stream<Observed<T>> observed();

    /**
     * How many there are.
     *
     * @return the number; without any walk where a single step was given
     */
    int count();

    /**
     * Any one of the entities.
     *
     * @return one of them; empty if there is none
     */
    Optional<T> first();
}
