package io.clusterstate.simulator.junit;

import io.clusterstate.simulator.Simulator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Resolves the parameters that {@link SimulatedEcs} promises. */
final class SimulatedEcsExtension implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(SimulatedEcsExtension.class);
    private static final Map<Class<?>, Function<Simulator, Object>> PARAMETERS = Map.of(
            Simulator.class, simulator -> simulator,
            EcsClient.class, Simulator::ecsClient,
            SqsClient.class, Simulator::sqsClient);

    /** A constructor's parameters belong to the test that it runs for. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext rootContext) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return PARAMETERS.containsKey(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        var type = parameter.getParameter().getType();
        return Objects.requireNonNull(PARAMETERS.get(type)).apply(simulatorOf(context));
    }

    private static Simulator simulatorOf(ExtensionContext context) {
        for (var owner = Optional.of(context);
                owner.isPresent();
                owner = owner.get().getParent()) {
            var settings = AnnotationSupport.findAnnotation(owner.get().getElement(), SimulatedEcs.class);
            if (settings.isPresent()) {
                return simulatorOf(settings.get().perClass() ? owner.get() : context, settings.get());
            }
        }
        throw new ParameterResolutionException("@SimulatedEcs: none (expected: at the method or a class around it)");
    }

    @SuppressWarnings("deprecation") // its successor came with JUnit 6, and hosts may have 5
    private static Simulator simulatorOf(ExtensionContext owner, SimulatedEcs settings) {
        if (settings.perClass() == owner.getTestMethod().isPresent()) {
            throw new ParameterResolutionException(
                    settings.perClass()
                            ? "perClass: true at a method (expected: at a class)"
                            : "perClass: false (expected: true, for a parameter that belongs to no single test)");
        }
        var store = owner.getStore(NAMESPACE);
        var ofTest = store.getOrComputeIfAbsent(
                SimulatorOfTest.class, key -> new SimulatorOfTest(settings), SimulatorOfTest.class);
        return Objects.requireNonNull(ofTest).simulator();
    }
}
