package io.clusterstate.internal.shape;

import io.clusterstate.EntityKind;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkServiceClientConfiguration;

/**
 * A check of the AWS SDK on the class path, whose version the host chooses. An SDK that is too old lacks a class or a
 * method. Without this check, each use would fail with a message that names neither the SDK nor its version.
 */
public final class AwsSdk {

    /** The oldest version that is known to work; the tests of {@code examples/versions} use it. */
    public static final String LEAST = "2.28.9";

    private AwsSdk() {}

    /**
     * Checks that the model types of all kinds can be read and written.
     *
     * @throws IllegalStateException if the SDK is too old
     */
    public static void requireShapes() {
        require(() -> EntityKind.all().forEach(kind -> PojoShape.ofEntity(kind.type())));
    }

    /**
     * Checks the model type of tasks alone, to save time at the start: looking up a type's members is slow, and a
     * process may never need another kind.
     *
     * @throws IllegalStateException if the SDK is too old
     */
    public static void requireShapeOfTasks() {
        require(() -> PojoShape.ofEntity(EntityKind.TASK.type()));
    }

    /**
     * Runs code that needs only the SDK.
     *
     * @param probe code that uses classes and methods of the SDK
     * @throws IllegalStateException if a class or method is missing
     */
    public static void require(Runnable probe) {
        try {
            probe.run();
        } catch (LinkageError e) {
            throw new IllegalStateException(
                    "AWS SDK for Java: " + version() + " (expected: " + LEAST
                            + " or later, with all modules of one version; " + e + ")",
                    e);
        }
    }

    /**
     * Turns off the SDK's retries. As a plugin of a request it affects that request alone.
     *
     * @param client the configuration to change
     */
    public static void withoutRetries(SdkServiceClientConfiguration.Builder client) {
        client.overrideConfiguration(
                client.overrideConfiguration().copy(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry())));
    }

    /** Uses reflection, since the compiler would inline the constant of the SDK that it compiles against. */
    private static String version() {
        try {
            return ""
                    + Class.forName("software.amazon.awssdk.core.util.VersionInfo")
                            .getField("SDK_VERSION")
                            .get(null);
        } catch (ReflectiveOperationException | LinkageError e) {
            return "unknown version";
        }
    }
}
