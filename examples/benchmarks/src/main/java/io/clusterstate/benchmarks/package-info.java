/**
 * Benchmarks of the library against baselines and other libraries. Goals are ratios within one run, since machines
 * differ.
 */
@NullMarked
package io.clusterstate.benchmarks;

import org.jspecify.annotations.NullMarked;
