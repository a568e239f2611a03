package io.clusterstate;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.clusterstate.testing.Promise;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.SkipException;

/**
 * Runs the Reactive Streams test kit for publishers. The kit is written for TestNG; here each of its tests is a JUnit
 * test.
 */
@Promise(9)
class ReactiveStreamsTest {

    private static final long PATIENCE_MILLIS = 2_000;
    private static final long QUIET_MILLIS = 50;

    @TestFactory
    Stream<DynamicTest> everyRuleForPublishers() {
        return everyRule(false);
    }

    @TestFactory
    Stream<DynamicTest> everyRuleForPublishersOfCompositeViews() {
        return everyRule(true);
    }

    private static Stream<DynamicTest> everyRule(boolean isComposite) {
        List<Method> rules = Arrays.stream(Publishing.class.getMethods())
                .filter(method -> method.isAnnotationPresent(org.testng.annotations.Test.class))
                .sorted(Comparator.comparing(Method::getName))
                .toList();
        assertTrue(rules.size() > 35, () -> "rules: " + rules.size());
        return rules.stream().map(rule -> DynamicTest.dynamicTest(rule.getName(), () -> check(rule, isComposite)));
    }

    /** A rule that the kit itself says cannot be tested has a name that says so; no other may be passed over. */
    private static void check(Method rule, boolean isComposite) throws Exception {
        try (Publishing verification = new Publishing(isComposite)) {
            verification.setUp();
            rule.invoke(verification);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof SkipException skipped) {
                assertTrue(mayBePassedOver(rule.getName()), () -> "passed over: " + skipped.getMessage());
            } else {
                fail(e.getCause());
            }
        }
    }

    /** Optional is, too, that all subscribers get the same: here each begins with what there is when it first asks. */
    private static boolean mayBePassedOver(String rule) {
        return rule.startsWith("untested_") || rule.startsWith("optional_spec111_multicast_mustProduceTheSameElements");
    }

    /** A publisher whose view publishes as many batches as a rule wants, and is then closed. */
    static final class Publishing extends FlowPublisherVerification<ChangeBatch> implements AutoCloseable {

        private final List<Watched> open = new CopyOnWriteArrayList<>();
        private final boolean isComposite;

        Publishing(boolean isComposite) {
            super(new TestEnvironment(PATIENCE_MILLIS, QUIET_MILLIS));
            this.isComposite = isComposite;
        }

        @Override
        public Flow.Publisher<ChangeBatch> createFlowPublisher(long batches) {
            List<Watched> members = members();
            if (isComposite && batches < 2) {
                members.remove(1).host.over(null); // each member that lives has an initial batch
            }
            Flow.Publisher<ChangeBatch> changes = changes();
            Script script = new Script(members, batches);
            return subscriber -> changes.subscribe(subscriber == null ? null : new Reader(subscriber, script));
        }

        @Override
        public Flow.Publisher<ChangeBatch> createFailedFlowPublisher() {
            members().forEach(each -> each.host.over(new IllegalStateException("the queue is taken")));
            return changes();
        }

        private List<Watched> members() {
            open.add(Watched.live());
            if (isComposite) {
                open.add(Watched.live());
            }
            return new ArrayList<>(open);
        }

        private Flow.Publisher<ChangeBatch> changes() {
            return isComposite
                    ? CompositeView.of(Map.of("a", open.get(0).view, "b", open.get(1).view))
                            .changes()
                    : open.get(0).view.changes();
        }

        @Override
        public void close() {
            open.forEach(Watched::close);
        }
    }

    /** The script of a view: it stays one change ahead of the fastest reader, and then ends. */
    private static final class Script {

        private final List<Watched> members;
        private final long batches;
        private long made;

        Script(List<Watched> members, long batches) {
            this.members = members;
            this.batches = batches;
            this.made = members.size(); // the initial batches
            goOnAfter(0);
        }

        synchronized void goOnAfter(long told) {
            if (told == batches) {
                members.forEach(each -> each.host.over(null));
            } else if (told == made) {
                made++;
                members.get((int) (made % members.size())).put("a", made);
            }
        }
    }

    /** Passes all on, and counts. */
    private static final class Reader implements Flow.Subscriber<ChangeBatch> {

        private final Flow.Subscriber<? super ChangeBatch> subscriber;
        private final Script script;
        private long told;

        Reader(Flow.Subscriber<? super ChangeBatch> subscriber, Script script) {
            this.subscriber = subscriber;
            this.script = script;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscriber.onSubscribe(subscription);
        }

        @Override
        public void onNext(ChangeBatch batch) {
            subscriber.onNext(batch);
            told++;
            script.goOnAfter(told);
        }

        @Override
        public void onError(Throwable error) {
            subscriber.onError(error);
        }

        @Override
        public void onComplete() {
            subscriber.onComplete();
        }
    }
}
