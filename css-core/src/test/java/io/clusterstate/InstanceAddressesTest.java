package io.clusterstate;

import static io.clusterstate.testing.Entities.instance;
import static io.clusterstate.testing.Entities.observed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.clusterstate.spi.Removal;
import io.clusterstate.spi.SnapshotEditor;
import io.clusterstate.testing.Entities;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InstanceAddressesTest {

    private final SnapshotEditor held = SnapshotEditor.of(SnapshotEditor.empty());
    private final Map<String, String> ec2 = new HashMap<>(Map.of("i-1", "10.0.0.1", "i-2", "10.0.0.2"));
    private final List<Set<String>> calls = new ArrayList<>();
    private final InstanceAddresses addresses = InstanceAddresses.by(ids -> {
        calls.add(ids);
        return ec2;
    });

    @Test
    void eachInstanceIsResolvedOnce() {
        put("1");
        refresh();
        refresh();
        put("2");
        refresh();

        assertEquals(List.of(Set.of("i-1"), Set.of("i-2")), calls);
        assertEquals(Optional.of("10.0.0.1"), addresses.of("i-1"));
        assertEquals(Optional.of("10.0.0.2"), addresses.of("i-2"));
    }

    @Test
    void anAddressThatWasNotAskedForIsNotTakenOver() {
        put("1");
        refresh();

        assertEquals(Optional.empty(), addresses.of("i-2"));
    }

    @Test
    void anInstanceThatIsNotFoundIsAskedForAgain() {
        put("9");
        refresh();
        assertEquals(Optional.empty(), addresses.of("i-9"));
        ec2.put("i-9", "10.0.0.9");
        refresh();

        assertEquals(Optional.of("10.0.0.9"), addresses.of("i-9"));
    }

    @Test
    void anInstanceThatIsGoneIsForgottenAndAnEndedOneIsNotAskedFor() {
        put("1");
        refresh();
        held.remove(Removal.of(
                observed(EntityKind.INSTANCE, "prod", instance("prod", "1")), Entities.NOW, Removal.Reason.MISSING));
        held.put(observed(EntityKind.INSTANCE, "prod", instance("prod", "2", changes -> changes.status("INACTIVE"))));
        refresh();

        assertEquals(Optional.empty(), addresses.of("i-1"));
        assertEquals(1, calls.size());
    }

    @Test
    void aFailureReachesTheCallerAndKeepsWhatIsKnown() {
        put("1");
        refresh();
        InstanceAddresses failing = InstanceAddresses.by(ids -> {
            if (ids.contains("i-2")) {
                throw new IllegalStateException("throttled");
            }
            return ec2;
        });
        failing.refresh(held.toSnapshot(1));
        put("2");

        assertThrows(IllegalStateException.class, () -> failing.refresh(held.toSnapshot(2)));
        assertEquals(Optional.of("10.0.0.1"), failing.of("i-1"));
    }

    private void put(String id) {
        held.put(observed(EntityKind.INSTANCE, "prod", instance("prod", id)));
    }

    private void refresh() {
        addresses.refresh(held.toSnapshot(1));
    }
}
