package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.testing.ClassPathWithout;
import java.lang.reflect.InvocationTargetException;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.util.VersionInfo;

/** A host's class path with an AWS SDK that lacks later additions. */
class SdkProbeTest {

    /** Both came after 2.25. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "software.amazon.awssdk.core.protocol.MarshallingKnownType",
                "software.amazon.awssdk.awscore.retry.AwsRetryStrategy"
            })
    void anSdkThatIsTooOldIsToldWhenAMirrorIsBuilt(String missing) throws Exception {
        try (URLClassLoader host = new ClassPathWithout(missing)) {
            Object builder = host.loadClass("io.clusterstate.mirror.ClusterMirror")
                    .getMethod("builder")
                    .invoke(null);

            InvocationTargetException thrown = assertThrows(
                    InvocationTargetException.class,
                    () -> builder.getClass().getMethod("build").invoke(builder));

            assertInstanceOf(IllegalStateException.class, thrown.getCause());
            assertEquals(
                    "AWS SDK for Java: " + VersionInfo.SDK_VERSION
                            + " (expected: 2.28.9 or later, with all modules of one version; java.lang.NoClassDefFoundError: "
                            + missing.replace('.', '/') + ")",
                    thrown.getCause().getMessage());
        }
    }

    @Test
    void theSdkThatIsHereIsNewEnough() throws Exception {
        SdkProbe.check();
        try (URLClassLoader host = new ClassPathWithout("nothing")) {
            Object builder = host.loadClass("io.clusterstate.mirror.ClusterMirror")
                    .getMethod("builder")
                    .invoke(null);
            InvocationTargetException thrown = assertThrows(
                    InvocationTargetException.class,
                    () -> builder.getClass().getMethod("build").invoke(builder));
            assertTrue(thrown.getCause().getMessage().startsWith("ecs: not given"));
        }
    }
}
