/**
 * The store on etcd, or the reader, as beans of an application on Spring Boot 4, configured by {@code css.etcd.*}.
 *
 * <p>Only this package of css-etcd needs Spring, an optional dependency.
 */
@NullMarked
package io.clusterstate.etcd.spring;

import org.jspecify.annotations.NullMarked;
