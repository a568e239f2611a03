package io.clusterstate.benchmarks;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.informers.cache.Lister;
import io.fabric8.kubernetes.client.informers.impl.cache.CacheImpl;
import io.kubernetes.client.informer.cache.Cache;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Measures a lookup by key in the informer caches of fabric8's and of the official Kubernetes client, for comparison
 * with a lookup by ARN. The keys, {@code namespace/name}, are of a common length; the pods hold only their names.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 20)
@Measurement(iterations = 20)
public class KubernetesLookup {

    private static final int LOOKUPS = 100_000;
    private static final String NAMESPACE = "payments-production";

    /** The keys that both caches hold. */
    @State(Scope.Benchmark)
    public static class Keys {
        /** The number of pods. */
        @Param("100000")
        public int tasks;

        LookupKeys keys;
        LookupKeys names;

        /** Makes the keys. */
        @Setup
        public void prepare() {
            keys = new LookupKeys(tasks, i -> NAMESPACE + '/' + name(i));
            names = new LookupKeys(tasks, KubernetesLookup::name);
        }
    }

    /** The informer cache of fabric8's client. */
    @State(Scope.Benchmark)
    public static class Fabric8 {
        final CacheImpl<Pod> cache = new CacheImpl<>();
        final Lister<Pod> lister = new Lister<>(cache, NAMESPACE);

        /** Fills the cache. */
        @Setup
        public void fill(Keys keys) {
            for (int i = 0; i < keys.tasks; i++) {
                cache.put(new PodBuilder()
                        .withNewMetadata()
                        .withNamespace(NAMESPACE)
                        .withName(name(i))
                        .endMetadata()
                        .build());
            }
        }
    }

    /** The informer cache of the official client. */
    @State(Scope.Benchmark)
    public static class Official {
        final Cache<V1Pod> cache = new Cache<>();

        /** Fills the cache. */
        @Setup
        public void fill(Keys keys) {
            for (int i = 0; i < keys.tasks; i++) {
                cache.add(new V1Pod()
                        .metadata(new V1ObjectMeta().namespace(NAMESPACE).name(name(i))));
            }
        }
    }

    /** Looks up by the whole key in fabric8's cache. */
    @Benchmark
    @OperationsPerInvocation(LOOKUPS)
    public void fabric8(Keys keys, Fabric8 held, Cost cost, Blackhole sink) {
        cost.count(() -> {
            for (int i = 0; i < LOOKUPS; i++) {
                sink.consume(held.cache.getByKey(keys.keys.next()));
            }
        });
    }

    /** Looks up by name through fabric8's lister, as its users do. */
    @Benchmark
    @OperationsPerInvocation(LOOKUPS)
    public void fabric8Lister(Keys keys, Fabric8 held, Cost cost, Blackhole sink) {
        cost.count(() -> {
            for (int i = 0; i < LOOKUPS; i++) {
                sink.consume(held.lister.get(keys.names.next()));
            }
        });
    }

    /** Looks up by the whole key in the official client's cache. */
    @Benchmark
    @OperationsPerInvocation(LOOKUPS)
    public void official(Keys keys, Official held, Cost cost, Blackhole sink) {
        cost.count(() -> {
            for (int i = 0; i < LOOKUPS; i++) {
                sink.consume(held.cache.getByKey(keys.keys.next()));
            }
        });
    }

    private static String name(int number) {
        SampleIds pod = SampleIds.task(number, NAMESPACE);
        return "checkout-" + number % 50 + '-' + pod.hex(1, 10) + '-' + pod.hex(2, 5);
    }
}
