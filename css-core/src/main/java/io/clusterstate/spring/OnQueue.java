package io.clusterstate.spring;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** Matches where {@code css.queue} names a queue. An empty value, as of an empty variable, names none. */
final class OnQueue extends SpringBootCondition {

    static boolean hasQueue(Environment environment) {
        return StringUtils.hasText(environment.getProperty("css.queue"));
    }

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConditionMessage.Builder message = ConditionMessage.forCondition("css.queue");
        return hasQueue(context.getEnvironment())
                ? ConditionOutcome.match(message.because("it names a queue"))
                : ConditionOutcome.noMatch(message.because("it is not set, or empty"));
    }
}
