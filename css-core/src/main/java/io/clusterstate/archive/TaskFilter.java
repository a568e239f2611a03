package io.clusterstate.archive;

import io.clusterstate.ecs.EcsArn;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A filter of ended tasks: tests of their profiles, and words that may be in the profile or in the id.
 *
 * @param tests the tests that a profile has to pass
 * @param words the words in lower case
 */
record TaskFilter(List<Predicate<TaskProfile>> tests, List<String> words) {

    static final TaskFilter ALL = new TaskFilter(List.of(), List.of());

    TaskFilter and(Predicate<TaskProfile> test) {
        return new TaskFilter(joined(tests, List.of(test)), words);
    }

    TaskFilter in(String cluster) {
        return and(profile -> EcsArn.isNamed(profile.parts().clusterArn(), cluster));
    }

    TaskFilter reason(String text) {
        List<String> wanted = wordsIn(text);
        return and(profile -> wanted.stream().allMatch(profile.reasons()::contains));
    }

    TaskFilter matching(String text) {
        return new TaskFilter(tests, joined(words, wordsIn(text)));
    }

    /** The words of a text; {@code exit 137} counts as one word. */
    private static List<String> wordsIn(String text) {
        String glued = text.toLowerCase(Locale.ROOT).strip().replaceAll("\\bexit\\s+(-?\\d+)", "exit\u0000$1");
        return Stream.of(glued.split("\\s+"))
                .filter(word -> !word.isEmpty())
                .map(word -> word.replace('\u0000', ' '))
                .toList();
    }

    private static <T> List<T> joined(List<T> some, List<T> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    /**
     * The words that a task's id has yet to contain.
     *
     * @return null if no task of the profile matches
     */
    @Nullable List<String> wordsForId(TaskProfile profile) {
        if (!tests.stream().allMatch(test -> test.test(profile))) {
            return null;
        }
        return words.stream().filter(word -> !isIn(profile.words(), word)).toList();
    }

    /** Whether words that are not in the profile are in a task's ARN: in the id, unless they reach beyond it. */
    static boolean areIn(Catalogue.TaskId id, List<String> wanted) {
        String own = id.id().toLowerCase(Locale.ROOT);
        for (String word : wanted) {
            boolean isIn = word.indexOf('/') < 0
                    ? own.contains(word)
                    : id.arn().toLowerCase(Locale.ROOT).contains(word);
            if (!isIn) {
                return false;
            }
        }
        return true;
    }

    /** An exit code is found as a whole: {@code exit 1} is not in {@code exit 137}. */
    private static boolean isIn(String text, String word) {
        int at = text.indexOf(word);
        while (word.startsWith("exit ") && at >= 0 && isDigitAt(text, at + word.length())) {
            at = text.indexOf(word, at + 1);
        }
        return at >= 0;
    }

    private static boolean isDigitAt(String text, int index) {
        return index < text.length() && Character.isDigit(text.charAt(index));
    }
}
