package io.clusterstate.benchmarks;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a number of tasks, such as {@code 10k}. */
final class SizeConverter implements ITypeConverter<Integer> {

    private static final int LEAST = 1_000;
    private static final int MOST = 10_000_000;
    private static final Pattern SIZE = Pattern.compile("(\\d{1,8})([km]?)");

    @Override
    public Integer convert(String text) {
        Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            long size = Long.parseLong(matcher.group(1)) * factor(matcher.group(2));
            if (size >= LEAST && size <= MOST) {
                return (int) size;
            }
        }
        throw new TypeConversionException(text + " (expected: a number from 1k to 10m)");
    }

    private static int factor(String suffix) {
        return switch (suffix) {
            case "k" -> 1_000;
            case "m" -> 1_000_000;
            default -> 1;
        };
    }
}
