package io.clusterstate.internal.expression;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.InstanceQuery;
import io.clusterstate.InvalidExpressionException;
import io.clusterstate.Snapshot;
import io.clusterstate.ecs.EcsArn;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Expressions on the {@link SampleInstances}, with the instances that match, or the column and the beginning of what
 * was expected.
 */
class ExpressionTableTest {

    private static final String TABLE = "/expressions/table.txt";
    private static final Snapshot SNAPSHOT = SampleInstances.snapshot();

    record Row(String expression, String expected) {

        static Row of(String line) {
            int arrow = line.lastIndexOf(" => ");
            return new Row(
                    line.substring(0, arrow).stripTrailing(),
                    line.substring(arrow + 4).strip());
        }

        @Override
        public String toString() {
            return expression + " => " + expected;
        }
    }

    static Stream<Row> rows() throws IOException {
        try (InputStream table = ExpressionTableTest.class.getResourceAsStream(TABLE)) {
            return new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines().filter(line -> line.contains(" => ")).map(Row::of).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void anExpressionMatchesOrNamesItsError(Row row) {
        if (row.expected.startsWith("column ")) {
            InvalidExpressionException error = assertThrows(
                    InvalidExpressionException.class, () -> SNAPSHOT.instances().matching(row.expression));
            String found = error.getMessage().replaceFirst("expression, (column \\d+): .*? \\(expected: ", "$1: ");
            assertTrue(found.startsWith(row.expected), error.getMessage());
            assertEquals("column " + error.column(), row.expected.replaceFirst(":.*", ""));
        } else {
            InstanceQuery query = SNAPSHOT.instances().matching(row.expression);
            assertAll(
                    () -> assertEquals(row.expected, ids(query)),
                    () -> assertEquals(row.expected, idsByWalk(query), "without an index"));
        }
    }

    @Test
    void theTableHasEveryOperatorAndSubject() throws IOException {
        List<String> expressions = rows().filter(row -> !row.expected.startsWith("column "))
                .map(Row::expression)
                .toList();
        Stream<String> words = Stream.of(
                ("== != > >= < <= =~ !~ !exists !in equals not_equals greater_than greater_than_equal less_than"
                                + " less_than_equal exists not_exists in not_in matches not_matches and or not && ||"
                                + " agentConnected agentVersion attribute: ec2InstanceId registeredAt"
                                + " runningTasksCount task:group")
                        .split(" "));
        assertEquals(
                List.of(),
                words.filter(word -> expressions.stream().noneMatch(each -> each.contains(word)))
                        .toList());
        assertTrue(rows().count() >= 150, "rows");
    }

    private static String ids(InstanceQuery query) {
        return query.stream()
                .map(instance -> EcsArn.nameOf(instance.containerInstanceArn()))
                .sorted()
                .collect(Collectors.joining(" "));
    }

    private static String idsByWalk(InstanceQuery query) {
        return SNAPSHOT.query(EntityKind.INSTANCE)
                .observed()
                .filter(query::matches)
                .map(instance -> EcsArn.nameOf(instance.arn()))
                .sorted()
                .collect(Collectors.joining(" "));
    }
}
