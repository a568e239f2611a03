package io.clusterstate.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.testing.ClassPathWithout;
import java.lang.reflect.InvocationTargetException;
import org.junit.jupiter.api.Test;

/** A process that only reads, on a class path whose AWS SDK is too old for the entities' types. */
class TooOldSdkTest {

    @Test
    void isToldWhenAReaderIsMade() throws Exception {
        try (ClassPathWithout host =
                new ClassPathWithout("software.amazon.awssdk.core.protocol.MarshallingKnownType")) {
            InvocationTargetException thrown = assertThrows(InvocationTargetException.class, () -> newReader(host));

            assertInstanceOf(IllegalStateException.class, thrown.getCause());
            assertTrue(thrown.getCause().getMessage().startsWith("AWS SDK for Java: "));
        }
    }

    @Test
    void theSdkThatIsHereWillDo() throws Exception {
        try (ClassPathWithout host = new ClassPathWithout("nothing")) {
            assertEquals("EtcdStateReader", newReader(host).getClass().getSimpleName());
        }
    }

    private static Object newReader(ClassLoader host) throws ReflectiveOperationException {
        Class<?> etcds = host.loadClass("io.clusterstate.etcd.Etcd");
        Object etcd = etcds.getMethod("at", String[].class).invoke(null, (Object) new String[] {"http://127.0.0.1:1"});
        return host.loadClass("io.clusterstate.etcd.EtcdStateReader")
                .getMethod("of", etcds)
                .invoke(null, etcd);
    }
}
