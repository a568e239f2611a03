package io.clusterstate.examples.soak;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The registry of all kinds of faults. */
final class SoakFaults {

    private SoakFaults() {}

    static List<SoakFault> all() {
        List<SoakFault> all = new ArrayList<>(EventFaults.all());
        all.addAll(ApiFaults.all());
        all.addAll(ProcessFaults.all());
        all.addAll(EtcdFaults.all());
        return all;
    }

    /**
     * The kinds of a list of names.
     *
     * @param list names with commas between them, or {@code all}, or {@code none}
     * @throws IllegalArgumentException if a name is unknown
     */
    static List<SoakFault> parse(String list) {
        if (list.equals("all")) {
            return all();
        }
        Map<String, SoakFault> byName = new LinkedHashMap<>();
        all().forEach(fault -> byName.put(fault.name(), fault));
        List<SoakFault> chosen = new ArrayList<>();
        for (String name : list.split(",", -1)) {
            SoakFault fault = byName.get(name.strip());
            if (fault != null) {
                chosen.add(fault);
            } else if (!name.strip().equals("none")) {
                throw new IllegalArgumentException(
                        "--faults: " + name + " (expected: all, none, or some of " + byName.keySet() + ")");
            }
        }
        return chosen;
    }
}
