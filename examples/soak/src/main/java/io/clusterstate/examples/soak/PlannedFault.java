package io.clusterstate.examples.soak;

/**
 * A fault of a history.
 *
 * @param fault the name of its kind
 * @param atMillis the time at which it begins, from the beginning of the run
 * @param forMillis the time for which it lasts
 * @param where a random number, from which the fault draws the account, process or entity
 */
record PlannedFault(String fault, long atMillis, long forMillis, int where) {}
