package io.clusterstate.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.HashMap;
import java.util.Map;

/** Writes a measurement as a line of JSON, and reads it again. */
final class MeasurementJson {

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final MathContext DIGITS = new MathContext(4);

    private MeasurementJson() {}

    static String write(Measurement measurement) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            out.writeStartObject();
            out.writeStringField("job", measurement.job().key());
            out.writeStringField("subject", measurement.subject());
            out.writeNumberField("size", measurement.size());
            out.writeStringField("unit", measurement.job().unit());
            number(out, "p10", measurement.cost().p10());
            number(out, "median", measurement.cost().median());
            number(out, "p90", measurement.cost().p90());
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // unreachable: a StringWriter does not fail
        }
        return text.toString();
    }

    private static void number(JsonGenerator out, String name, double value) throws IOException {
        out.writeFieldName(name);
        out.writeNumber(
                BigDecimal.valueOf(value).round(DIGITS).stripTrailingZeros().toPlainString());
    }

    static Measurement read(String line) {
        Map<String, String> fields = fields(line);
        return new Measurement(
                GrowthJob.of(text(fields, "job")),
                text(fields, "subject"),
                Integer.parseInt(text(fields, "size")),
                new Spread(value(fields, "p10"), value(fields, "median"), value(fields, "p90")));
    }

    private static double value(Map<String, String> fields, String name) {
        return Double.parseDouble(text(fields, name));
    }

    private static String text(Map<String, String> fields, String name) {
        String text = fields.get(name);
        if (text == null) {
            throw new IllegalArgumentException(name + ": absent in " + fields + " (expected: a measurement)");
        }
        return text;
    }

    private static Map<String, String> fields(String line) {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser json = FACTORY.createParser(line)) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token.isScalarValue()) {
                    fields.put(json.currentName(), json.getText());
                }
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("measurement: " + line + " (expected: a line of JSON)", e);
        }
        return fields;
    }
}
