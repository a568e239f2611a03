/** What the library costs, beside what it is compared with. Goals are ratios within one run, since machines differ. */
@NullMarked
package io.clusterstate.benchmarks;

import org.jspecify.annotations.NullMarked;
