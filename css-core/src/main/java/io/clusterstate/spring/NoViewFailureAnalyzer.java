package io.clusterstate.spring;

import io.clusterstate.ClusterStateView;
import io.clusterstate.mirror.ClusterMirror;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/** Explains the start of an application that needs a view or a mirror, where a property or a store is missing. */
final class NoViewFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchBeanDefinitionException> implements Ordered {

    private final Environment environment;

    NoViewFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable failure, NoSuchBeanDefinitionException cause) {
        Class<?> type = cause.getBeanType();
        if (type != ClusterStateView.class && type != ClusterMirror.class) {
            return null;
        }
        String needs = "The application needs a bean of type " + type.getName() + ".\n";
        return !OnQueue.hasQueue(environment)
                ? new FailureAnalysis(
                        needs + "css.queue: not set (expected: a name, a URL or an ARN)",
                        "Set css.queue to the queue of ECS events, or css.etcd.endpoints to read from etcd.",
                        failure)
                : new FailureAnalysis(
                        needs + "store: none (expected: css-memory, or css-etcd with css.etcd.endpoints)",
                        "Add io.clusterstate:css-memory to the dependencies.",
                        failure);
    }

    /** Before the analyzer of Spring Boot, which proposes to define the bean. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }
}
