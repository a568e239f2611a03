package io.clusterstate.internal.shape;

import io.clusterstate.EntityKind;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkServiceClientConfiguration;

/**
 * The AWS SDK on the class path, of which the host has the choice: whether it has all that is needed. One that is too
 * old lacks a class or a method, and what meets that fails each time, in words that help nobody.
 */
public final class AwsSdk {

    /** The oldest that is known to work; the tests of {@code examples/least-sdk} run on it. */
    public static final String LEAST = "2.28.29";

    private AwsSdk() {}

    /**
     * Checks that the model types of all four kinds are such as can be read and written.
     *
     * @throws IllegalStateException if the SDK is too old
     */
    public static void requireShapes() {
        require(() -> EntityKind.all().forEach(kind -> PojoShape.ofEntity(kind.type())));
    }

    /**
     * The same by tasks alone, for those who may never meet another kind: to look up a type's members costs time at the
     * start.
     *
     * @throws IllegalStateException if the SDK is too old
     */
    public static void requireShapeOfTasks() {
        require(() -> PojoShape.ofEntity(EntityKind.TASK.type()));
    }

    /**
     * Runs something that needs no more than the SDK.
     *
     * @param probe uses classes and methods of the SDK
     * @throws IllegalStateException if one of them is not there
     */
    public static void require(Runnable probe) {
        try {
            probe.run();
        } catch (LinkageError e) {
            throw new IllegalStateException(
                    "AWS SDK for Java: " + version() + " (expected: " + LEAST + " or later, all parts of it alike; " + e
                            + ")",
                    e);
        }
    }

    /**
     * Turns off the SDK's retries. As a plugin of a request it does so for that request alone.
     *
     * @param client the configuration to change
     */
    public static void withoutRetries(SdkServiceClientConfiguration.Builder client) {
        client.overrideConfiguration(
                client.overrideConfiguration().copy(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry())));
    }

    /** By reflection: the compiler puts the constant's value of the SDK that it compiles against in its place. */
    private static String version() {
        try {
            return ""
                    + Class.forName("software.amazon.awssdk.core.util.VersionInfo")
                            .getField("SDK_VERSION")
                            .get(null);
        } catch (ReflectiveOperationException | LinkageError e) {
            return "a version that it does not tell";
        }
    }
}
