package io.clusterstate.spring;

import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Values of properties on their way to the parts that check them, for auto-configurations of stores. Thread: safe for
 * any thread.
 */
public final class PropertyValue {

    private PropertyValue() {}

    /**
     * Sets a property's value on a builder, or on a value that makes copies.
     *
     * @param <B> the type of the target
     * @param <T> the type of the value
     * @param target the target
     * @param property the name of the property
     * @param value the value; null leaves the target as it is
     * @param setter sets the value
     * @return the result of the setter, or the target
     * @throws InvalidConfigurationPropertyValueException as {@link #checked} does
     */
    public static <B, T> B set(B target, String property, @Nullable T value, BiFunction<B, T, B> setter) {
        return value == null ? target : checked(property, value, given -> setter.apply(target, given));
    }

    /**
     * Makes something of a property's value.
     *
     * @param <T> the type of the value
     * @param <R> the type of the result
     * @param property the name of the property
     * @param value the value
     * @param maker makes it, or throws {@link IllegalArgumentException}
     * @return the result
     * @throws InvalidConfigurationPropertyValueException if the maker refuses the value. It names the property, the
     *     value and the expected range, and Spring Boot prints it as the reason for a failed start
     */
    public static <T, R> R checked(String property, T value, Function<T, R> maker) {
        try {
            return maker.apply(value);
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigurationPropertyValueException(property, value, String.valueOf(e.getMessage()));
        }
    }
}
