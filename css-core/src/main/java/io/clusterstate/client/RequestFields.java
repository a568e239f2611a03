package io.clusterstate.client;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.services.ecs.model.EcsRequest;

/** Checks which fields of a request are set, by the SDK's own field descriptions. */
final class RequestFields {

    private RequestFields() {}

    /**
     * The reason to pass a request on because of its fields. A later SDK may add filters that this code does not know:
     * a set field of another name delegates.
     *
     * @param known the fields that the view can answer, in ECS's spelling
     */
    static Optional<DelegationReason> obstacle(EcsRequest request, Set<String> known) {
        for (SdkField<?> field : request.sdkFields()) {
            Object value = field.getValueOrDefault(request);
            boolean isSet = value != null && !(value instanceof List<?> list && list.isEmpty());
            if (isSet && !known.contains(field.memberName())) {
                return Optional.of(
                        field.memberName().equals("include") ? DelegationReason.INCLUDE : DelegationReason.FILTER);
            }
            if ("".equals(value)) {
                return Optional.of(DelegationReason.REQUEST);
            }
        }
        return Optional.empty();
    }
}
