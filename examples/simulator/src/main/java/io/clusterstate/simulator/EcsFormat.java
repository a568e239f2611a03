package io.clusterstate.simulator;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.ManagedAgent;

/** The two formats of ECS: that of API answers and that of events. */
enum EcsFormat {
    /** API answers: times in epoch seconds, and every list that is set, empty or not. */
    API {
        @Override
        void write(Instant instant, JsonGenerator json) throws IOException {
            json.writeNumber(BigDecimal.valueOf(instant.toEpochMilli(), 3));
        }
    },

    /** Events: times as ISO strings, some names and values spelled differently, fewer fields, few empty lists. */
    EVENT {
        @Override
        boolean isTold(SdkPojo of, String field, boolean isEmpty) {
            return EventFields.inEvents(of, field) && (!isEmpty || TOLD_EMPTY.contains(field));
        }

        @Override
        String name(SdkPojo of, String field) {
            return of instanceof ManagedAgent && field.equals("lastStatus") ? "status" : field;
        }

        @Override
        String text(SdkPojo of, String field, String value) {
            return of instanceof Attachment && field.equals("type")
                    ? ATTACHMENT_TYPES.getOrDefault(value, value)
                    : value;
        }

        @Override
        void write(Instant instant, JsonGenerator json) throws IOException {
            json.writeString(withoutTrailingZeros(instant.toString()));
        }
    };

    private static final Set<String> TOLD_EMPTY =
            Set.of("attachments", "details", "networkInterfaces", "stringSetValue", "containerOverrides");
    private static final Map<String, String> ATTACHMENT_TYPES = Map.of(
            "ElasticNetworkInterface", "eni",
            "Service Connect", "sdi",
            "AmazonElasticBlockStorage", "elb");

    /** Whether this format has the field. */
    boolean isTold(SdkPojo of, String field, boolean isEmpty) {
        return true;
    }

    String name(SdkPojo of, String field) {
        return field;
    }

    String text(SdkPojo of, String field, String value) {
        return value;
    }

    abstract void write(Instant instant, JsonGenerator json) throws IOException;

    private static String withoutTrailingZeros(String iso) {
        int dot = iso.indexOf('.');
        if (dot < 0) {
            return iso;
        }
        int end = iso.length() - 1;
        while (iso.charAt(end - 1) == '0') {
            end--;
        }
        return iso.substring(0, end) + "Z";
    }
}
