/** Draws curves on logarithmic axes as SVG, with nothing but text. */
@NullMarked
package io.clusterstate.benchmarks.chart;

import org.jspecify.annotations.NullMarked;
