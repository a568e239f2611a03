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

    /** The line; fields without a value are null. */
    static String of(Figure figure, double value, @Nullable Double baseline, @Nullable Double ratio) {
        StringWriter text = new StringWriter();
        Goal goal = figure.goal();
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            out.writeStartObject();
            out.writeStringField("name", figure.name());
            number(out, "value", value);
            out.writeStringField("unit", figure.unit().toString());
            number(out, "baseline", baseline);
            number(out, "ratio", ratio);
            if (goal == null) {
                out.writeNullField("goal");
                out.writeNullField("met");
            } else {
                out.writeStringField("goal", goal.toString());
                out.writeBooleanField("met", goal.isMet(value, ratio == null ? Double.NaN : ratio));
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // unreachable: a StringWriter does not fail
        }
        return text.toString();
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
