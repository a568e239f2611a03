package io.clusterstate.deploy;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/** Records the operations that the SDK's clients call, as names of IAM actions. */
final class CallRecorder implements ExecutionInterceptor {

    private final Set<String> actions = new ConcurrentSkipListSet<>();

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        String service = attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME);
        String operation = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
        actions.add(service.toLowerCase(Locale.ROOT) + ":" + action(operation));
    }

    /**
     * The IAM action of an operation. A batch needs the action of its single operation (SQS Developer Guide, "Amazon
     * SQS API permissions").
     */
    private static String action(String operation) {
        return operation.endsWith("Batch") ? operation.substring(0, operation.length() - "Batch".length()) : operation;
    }

    Set<String> actions() {
        return new TreeSet<>(actions);
    }
}
