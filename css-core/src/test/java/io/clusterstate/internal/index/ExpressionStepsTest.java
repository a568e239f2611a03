package io.clusterstate.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;

/** The index keys that an expression's query may walk. */
class ExpressionStepsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
            attribute:stack == prod                                | [attribute: [stack=prod]]
            attribute:stack in [prod, test]                        | [attribute: [stack=prod, stack=test]]
            attribute:stack =~ p.* and runningTasksCount < 3       | [attribute: [stack]]
            attribute:stack != prod                                | [attribute: [stack]]
            attribute:stack !exists                                | []
            attribute:stack in [prod, '']                          | [attribute: [stack]]
            agentConnected == true && attribute:a exists           | [agentConnected: [true], attribute: [a]]
            ec2InstanceId in [i-1, i-2] and task:group == web      | [ec2Instance: [i-1, i-2]]
            attribute:stack == prod or attribute:stack == test     | []
            not attribute:stack == prod                            | []
            (attribute:stack == prod)                              | [attribute: [stack=prod]]
            agentConnected != true                                 | []
            """)
    void comparisonsThatAndJoinsUseTheirIndex(String expression, String expected) {
        var query = (IndexedInstanceQuery) IndexedSnapshot.EMPTY.instances().matching(expression);
        assertEquals(expected, inWords(query.steps().criteria()));
        assertEquals("instances, matching " + expression, query.toString());
    }

    private static String inWords(List<Criterion<ContainerInstance>> criteria) {
        return criteria.stream()
                .map(each -> each.field().name() + ": " + each.keysIn().apply(""))
                .toList()
                .toString();
    }
}
