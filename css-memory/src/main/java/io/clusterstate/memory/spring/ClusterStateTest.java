package io.clusterstate.memory.spring;

import io.clusterstate.ClusterStateView;
import io.clusterstate.memory.FakeClusterState;
import io.clusterstate.spring.WebAutoConfiguration;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.test.annotation.DirtiesContext;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * Gives a test of Spring Boot a fake in the place of a mirror. It stands beside {@code @SpringBootTest} or a slice such
 * as {@code @WebMvcTest}. The context then has three beans: a {@link FakeClusterState}, its {@link ClusterStateView},
 * and its {@link EcsClient}. The latter two are primary beans, so they come before those of the application. No mirror
 * or reader starts, whatever the properties say.
 *
 * <p>Each test method gets a context and a fake of its own, since beans of the application may keep what they read or
 * subscribe to.
 *
 * <p>Needs {@code spring-test}, which {@code spring-boot-starter-test} brings.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration({FakeAutoConfiguration.class, WebAutoConfiguration.class})
@DirtiesContext(classMode = DirtiesContext.ClassMode.AFTER_EACH_TEST_METHOD)
@SuppressWarnings("exports") // a test that uses this annotation requires Spring itself
public @interface ClusterStateTest {}
