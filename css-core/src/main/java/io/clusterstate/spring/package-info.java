/**
 * The mirror and the view as beans of an application on Spring Boot 4, configured by the properties {@code css.*}.
 *
 * <p>Only this package needs Spring, an optional dependency: any other host needs none. Spring Boot reads the names of
 * the auto-configurations from the jar. Each bean backs off if the application defines one of its type. css-memory and
 * css-etcd bring the store.
 */
@NullMarked
package io.clusterstate.spring;

import org.jspecify.annotations.NullMarked;
