package io.clusterstate.internal.ecs;

import static io.clusterstate.internal.ecs.Homes.ID;
import static io.clusterstate.internal.ecs.Homes.PLACES;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.internal.ecs.Homes.Case;
import io.clusterstate.internal.ecs.Homes.Place;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArnMatcherTest {

    @ParameterizedTest
    @MethodSource("io.clusterstate.internal.ecs.Homes#cases")
    void anAnswerIsMatchedToWhatWasAskedByKindAndIdAndNothingElse(Case each) {
        String asked = each.home().arn("task/default/" + ID);
        ArnMatcher matcher = new ArnMatcher(List.of(asked, each.home().arn("task/default/ffff")));
        String answered = each.place().arn(each.form());
        boolean isSame = each.home().equals(each.place()) && each.form().endsWith(ID);

        assertEquals(isSame ? Optional.of(asked) : Optional.empty(), matcher.match(answered), each.toString());
    }

    static Stream<List<String>> matches() {
        Place home = PLACES.get(0);
        String longTask = home.arn("task/default/" + ID);
        String longService = home.arn("service/prod/web");
        return Stream.of(
                List.of(longTask, longTask, "same"),
                List.of(longTask, ID, "same"),
                List.of(home.arn("task/" + ID), longTask, "same"),
                List.of(longTask, home.arn("task/other/" + ID), "other"),
                List.of(longTask, home.arn("container-instance/default/" + ID), "other"),
                List.of(longService, home.arn("service/web"), "same"),
                List.of(longService, "web", "same"),
                List.of("default", home.cluster(), "same"),
                List.of(home.cluster(), "default", "same"),
                List.of("default", home.arn("cluster/other"), "other"));
    }

    @ParameterizedTest
    @MethodSource("matches")
    void anAnswerMayNameAnotherFormThanWasAsked(List<String> match) {
        Optional<String> expected = match.get(2).equals("same") ? Optional.of(match.get(0)) : Optional.empty();

        assertEquals(
                expected,
                new ArnMatcher(List.of(match.get(0), "arn:aws:ecs:us-east-1:111122223333:task/default/f"))
                        .match(match.get(1)));
    }

    @Test
    void anAnswerWithoutAnArnIsAboutTheOnlyOneThatWasAskedAbout() {
        assertEquals(Optional.of("a"), new ArnMatcher(List.of("a")).match(null));
        assertEquals(Optional.empty(), new ArnMatcher(List.of("a", "b")).match(null));
    }

    @Test
    void anAnswerThatFitsTwoIsAboutNeither() {
        Place home = PLACES.get(0);
        ArnMatcher matcher = new ArnMatcher(List.of(home.arn("service/a/web"), home.arn("service/b/web")));

        assertEquals(Optional.empty(), matcher.match(home.arn("service/web")));
        assertEquals(Optional.of(home.arn("service/b/web")), matcher.match(home.arn("service/b/web")));
    }
}
