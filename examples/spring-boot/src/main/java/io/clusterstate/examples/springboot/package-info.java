/** A small service on Spring Boot. All that connects it with css is in {@code application.properties}. */
@NullMarked
package io.clusterstate.examples.springboot;

import org.jspecify.annotations.NullMarked;
