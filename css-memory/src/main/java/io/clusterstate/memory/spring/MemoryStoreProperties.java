package io.clusterstate.memory.spring;

import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.spring.PropertyValue;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code css.memory.*}.
 *
 * @param keepEnded Time for which stopped tasks and inactive instances, services and clusters are kept.
 * @param keepTombstones Time for which a removal is remembered, at least that for which an event can be late.
 */
@ConfigurationProperties("css.memory")
record MemoryStoreProperties(@DefaultValue("1h") Duration keepEnded, @DefaultValue("24h") Duration keepTombstones) {

    MemoryStateStore store() {
        PropertyValue.checked("css.memory.keep-ended", keepEnded, ended -> store(ended, Duration.ZERO));
        return PropertyValue.checked(
                "css.memory.keep-tombstones", keepTombstones, tombstones -> store(keepEnded, tombstones));
    }

    private static MemoryStateStore store(Duration ended, Duration tombstones) {
        return new MemoryStateStore(ended, tombstones, InstantSource.system());
    }
}
