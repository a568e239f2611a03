package io.clusterstate.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.clusterstate.internal.event.EventReader;
import io.clusterstate.internal.event.ParsedBody;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;

class FiguresTest {

    @Test
    void everyFigureHasANameOfItsOwnAndABenchmarkThatExists() {
        List<String> names = Figures.all().stream().map(Figure::name).toList();

        assertEquals(names.size(), names.stream().distinct().count());
        Figures.all().stream().flatMap(Figure::scores).forEach(FiguresTest::requireBenchmark);
    }

    @Test
    void aFigureIsOneLineOfJsonWithTheVerdictByTheMedian() throws IOException {
        Figure figure = Figure.beside(
                Figures.all().get(0).value(),
                "a",
                Figure.Unit.NANOSECONDS,
                Figures.all().get(0).value(),
                Goal.ratioAtMost(1.5));
        String line = FigureJson.of(figure, result(1.2, 1.4, 1.9));

        assertEquals(
                List.of("name", "value", "unit", "baseline", "ratio", "p10", "p90", "goal", "met"), fieldsOf(line));
        assertTrue(line.contains("\"ratio\":1.4,\"p10\":1.24,\"p90\":1.8,"), line);
        assertTrue(line.endsWith("\"met\":true}"), line);
        assertTrue(FigureJson.of(figure, result(1.2, 1.6, 1.9)).endsWith("\"met\":false}"));
    }

    private static Figure.Result result(double... ratios) {
        return new Figure.Result(Spread.of(12.3456), Spread.of(10), Spread.of(ratios));
    }

    @Test
    void theEventsThatAreMeasuredAreStateChanges() {
        for (TaskStatus status : TaskStatus.values()) {
            requireStateChange(new TaskSamples(TaskSamples.Launch.FARGATE, "prod").event(7, status));
            requireStateChange(new TaskSamples(TaskSamples.Launch.EC2, "prod").event(7, status));
        }
        requireStateChange(new InstanceSamples("prod").event(7, 3, 512, 1_024));
    }

    private static void requireStateChange(String body) {
        ParsedBody reading = EventReader.read(body, SampleChanges.RECEIVED);
        assertTrue(reading instanceof ParsedBody.StateChange, reading::toString);
    }

    private static void requireBenchmark(Score score) {
        boolean exists = Arrays.stream(score.subject().getMethods())
                .filter(method -> method.isAnnotationPresent(Benchmark.class))
                .map(Method::getName)
                .anyMatch(score.method()::equals);
        assertTrue(exists, score::toString);
    }

    private static List<String> fieldsOf(String line) throws IOException {
        List<String> fields = new ArrayList<>();
        try (JsonParser json = new JsonFactory().createParser(line)) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.FIELD_NAME) {
                    fields.add(json.currentName());
                }
            }
        }
        return fields;
    }
}
