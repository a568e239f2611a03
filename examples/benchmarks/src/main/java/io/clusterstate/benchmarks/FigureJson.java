package io.clusterstate.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/** Writes a figure as a line of JSON. */
final class FigureJson {

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final MathContext DIGITS = new MathContext(4);

    private FigureJson() {}

    /**
     * The line; fields without a value are null. Value, baseline and ratio are medians; the range is that of the ratio,
     * or else of the value.
     */
    static String of(Figure figure, Figure.Result result) {
        StringWriter text = new StringWriter();
        Spread judged = result.ratio() == null ? result.value() : result.ratio();
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            out.writeStartObject();
            out.writeStringField("name", figure.name());
            number(out, "value", result.value().median());
            out.writeStringField("unit", figure.unit().toString());
            number(out, "baseline", median(result.baseline()));
            number(out, "ratio", median(result.ratio()));
            number(out, "p10", judged.p10());
            number(out, "p90", judged.p90());
            goal(out, figure.goal(), result);
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // unreachable: a StringWriter does not fail
        }
        return text.toString();
    }

    private static void goal(JsonGenerator out, @Nullable Goal goal, Figure.Result result) throws IOException {
        if (goal == null) {
            out.writeNullField("goal");
            out.writeNullField("met");
        } else {
            out.writeStringField("goal", goal.toString());
            out.writeBooleanField("met", goal.isMet(result));
        }
    }

    private static @Nullable Double median(@Nullable Spread spread) {
        return spread == null ? null : spread.median();
    }

    private static void number(JsonGenerator out, String name, @Nullable Double value) throws IOException {
        if (value == null || value.isNaN() || value.isInfinite()) {
            out.writeNullField(name);
        } else {
            String plain =
                    BigDecimal.valueOf(value).round(DIGITS).stripTrailingZeros().toPlainString();
            out.writeFieldName(name);
            out.writeNumber(plain);
        }
    }
}
