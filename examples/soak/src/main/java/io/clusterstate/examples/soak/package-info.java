/**
 * The soak: a simulated ECS of two accounts and a real etcd, every fault at once and at random, and checkers that run
 * all the while. It ends with the truth, or with the first law that is broken.
 */
@NullMarked
package io.clusterstate.examples.soak;

import org.jspecify.annotations.NullMarked;
