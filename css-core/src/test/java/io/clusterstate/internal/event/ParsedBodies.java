package io.clusterstate.internal.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.clusterstate.Observed;
import io.clusterstate.testing.Entities;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;

/** Reads bodies, and returns their content. */
final class ParsedBodies {

    private ParsedBodies() {}

    static ParsedBody read(String body) {
        return EventReader.read(body, Entities.NOW);
    }

    static Observed<?> changeIn(String body) {
        return assertInstanceOf(ParsedBody.StateChange.class, read(body))
                .upsert()
                .observed();
    }

    static Task taskIn(String body) {
        return assertInstanceOf(Task.class, changeIn(body).value());
    }

    static ContainerInstance instanceIn(String body) {
        return assertInstanceOf(ContainerInstance.class, changeIn(body).value());
    }

    static ParsedBody.Hint hintIn(String body) {
        return assertInstanceOf(ParsedBody.Hint.class, read(body));
    }

    static ParsedBody.Notice noticeIn(String body) {
        return assertInstanceOf(ParsedBody.Notice.class, read(body));
    }

    static String whyUnreadable(String body) {
        return assertInstanceOf(ParsedBody.Unreadable.class, read(body)).reason();
    }

    static String whyIrrelevant(String body) {
        return assertInstanceOf(ParsedBody.Irrelevant.class, read(body)).reason();
    }

    /** A task's state change with these fields in its detail. */
    static String taskEvent(String detail) {
        return "{\"source\":\"aws.ecs\",\"detail-type\":\"ECS Task State Change\",\"detail\":{" + detail + "}}";
    }

    /** The comparable content of a body: everything but revision and times. */
    static Object content(ParsedBody reading) {
        return reading instanceof ParsedBody.StateChange change
                ? content(change.upsert().observed())
                : reading;
    }

    /** Fails unless a body says of the same entity the very same. */
    static void assertSays(Observed<?> expected, String body) {
        assertEquals(content(expected), content(changeIn(body)));
    }

    private static Object content(Observed<?> told) {
        return List.of(told.kind(), told.arn(), told.clusterArn(), told.version(), told.value());
    }
}
