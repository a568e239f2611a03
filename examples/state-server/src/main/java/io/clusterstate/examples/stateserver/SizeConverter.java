package io.clusterstate.examples.stateserver;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads sizes such as {@code 512K}, {@code 256M} and {@code 2G}, in powers of 1,024. */
final class SizeConverter implements ITypeConverter<Long> {

    private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,8})([KMG])");

    @Override
    public Long convert(String value) {
        Matcher size = SIZE.matcher(value.toUpperCase(Locale.ROOT));
        if (!size.matches()) {
            throw new TypeConversionException("'" + value + "' (expected: a size such as 512K, 256M or 2G)");
        }
        int shift = ("KMG".indexOf(size.group(2)) + 1) * 10;
        return Long.parseLong(size.group(1)) << shift;
    }
}
