package io.clusterstate.internal.index;

import java.lang.reflect.Field;

/** Reads private fields, for tests of an internal structure. */
final class Fields {

    private Fields() {}

    static <F> F read(Object object, String name, Class<F> type) {
        try {
            Field field = object.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return type.cast(field.get(object));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("field: " + name + " (expected: in " + object.getClass() + ")", e);
        }
    }
}
