package io.clusterstate.examples.daemonscheduler;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ecs.EcsClient;

/** The way of one process to ECS: it loses answers, holds calls up, and ends when the process is dead. */
final class TroubledEcs {

    private final EcsClient real;
    private final Random random;
    private final double lost;
    private volatile boolean isDead;
    private volatile @Nullable CountDownLatch heldBy;
    private final CountDownLatch hasHeld = new CountDownLatch(1);
    private final CountDownLatch cameLate = new CountDownLatch(1);

    /**
     * A way to ECS.
     *
     * @param lost the share of calls of which the answer is lost, after they took effect
     */
    TroubledEcs(EcsClient real, long seed, double lost) {
        this.real = real;
        this.random = new Random(seed);
        this.lost = lost;
    }

    EcsClient client() {
        return (EcsClient) Proxy.newProxyInstance(
                EcsClient.class.getClassLoader(),
                new Class<?>[] {EcsClient.class},
                (proxy, method, arguments) -> call(method, arguments));
    }

    private Object call(Method method, Object[] arguments) throws Throwable {
        CountDownLatch gate = method.getName().equals("runTask") ? heldBy : null;
        if (gate != null) {
            hasHeld.countDown();
            gate.await();
        }
        failIf(isDead);
        Object answer;
        try {
            answer = method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        if (gate != null) {
            cameLate.countDown();
        }
        failIf(isDead || isLost());
        return answer;
    }

    private synchronized boolean isLost() {
        return random.nextDouble() < lost;
    }

    private static void failIf(boolean condition) {
        if (condition) {
            throw SdkClientException.create("no answer");
        }
    }

    /** The process is dead: a call under way may have taken effect, and no other does. */
    void die() {
        isDead = true;
    }

    /** Holds each RunTask up before it is sent, as a pause of the process would. */
    void hold() {
        heldBy = new CountDownLatch(1);
    }

    void awaitHeld() throws InterruptedException {
        hasHeld.await();
    }

    /** Lets a call go on that was held up, and waits until ECS has answered it. */
    void releaseLate() throws InterruptedException {
        CountDownLatch gate = heldBy;
        heldBy = null;
        if (gate != null) {
            gate.countDown();
            cameLate.await();
        }
    }
}
