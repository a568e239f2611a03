package io.clusterstate.preflight;

import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The wildcards of policies: {@code *} for any text, {@code ?} for a character. */
final class Glob {

    private Glob() {}

    static boolean matches(String glob, String text) {
        String pattern = glob.chars()
                .mapToObj(each -> each == '*' ? ".*" : each == '?' ? "." : Pattern.quote(Character.toString(each)))
                .collect(Collectors.joining());
        return Pattern.compile(pattern, Pattern.DOTALL).matcher(text).matches();
    }
}
