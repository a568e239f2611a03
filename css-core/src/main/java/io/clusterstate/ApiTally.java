package io.clusterstate;

/** Counts calls of the ECS API by operation. */
final class ApiTally {

    private final Counts<String> calls = new Counts<>();
    private final Counts<String> throttled = new Counts<>();

    void called(String operation) {
        calls.add(operation, 1);
    }

    void throttled(String operation) {
        throttled.add(operation, 1);
    }

    ApiUse use() {
        return new ApiUse(calls.sums(), throttled.sums());
    }

    long allCalls() {
        return calls.total();
    }

    long allThrottled() {
        return throttled.total();
    }
}
