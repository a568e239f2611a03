package io.clusterstate.internal.index;

import io.clusterstate.Observed;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** A step of a query, and its meaning as a predicate. */
record Step<T, Q>(String name, UnaryOperator<Q> ask, Predicate<Observed<T>> meaning) {

    /** A step about the value of an entity. */
    static <T, Q> Step<T, Q> of(String name, UnaryOperator<Q> ask, Predicate<T> meaning) {
        return new Step<>(name, ask, observed -> meaning.test(observed.value()));
    }

    /** A step that asks for a property to have a value. */
    static <T, Q> Step<T, Q> equal(String name, String value, UnaryOperator<Q> ask, Function<T, String> property) {
        return of(name + " " + value, ask, entity -> Objects.equals(property.apply(entity), value));
    }

    @Override
    public String toString() {
        return name;
    }
}
