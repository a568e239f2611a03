package io.clusterstate.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names the promises, by their numbers in {@code docs/guarantees.md}, that a test proves. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Promise {

    /**
     * The numbers of the promises.
     *
     * @return at least one number
     */
    int[] value();
}
