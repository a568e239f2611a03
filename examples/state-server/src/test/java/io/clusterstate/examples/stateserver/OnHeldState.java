package io.clusterstate.examples.stateserver;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Each test has a server of its own, over a state that the test fills. */
abstract class OnHeldState {

    final Held held = new Held();
    Rest rest;

    @BeforeEach
    void start() {
        rest = Rest.of(held);
    }

    @AfterEach
    void stop() {
        rest.close();
        held.close();
    }
}
