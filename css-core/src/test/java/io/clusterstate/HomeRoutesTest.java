package io.clusterstate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.testing.Entities;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The order in which members are asked for an ARN. */
class HomeRoutesTest {

    private static final int MOST = 4_096;

    private final Watched one = Watched.byHand();
    private final Watched two = Watched.byHand();
    private final HomeRoutes routes = new HomeRoutes(List.of(one.view, two.view));

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    private static String arn(String home) {
        return "arn:" + home + ":task/prod/a";
    }

    private List<StoreView> of(String arn) {
        return List.of(routes.of(arn));
    }

    @Test
    void anArnLeadsToTheMemberThatHasShownItsHome() {
        routes.learn(arn("aws:ecs:eu-west-1:123456789012"), two.view);

        assertEquals(List.of(two.view), of("arn:aws:ecs:eu-west-1:123456789012:service/test/web"));
        for (String other : List.of(
                "aws:ecs:eu-west-2:123456789012",
                "aws:ecs:us-west-1:123456789012",
                "aws:ecs:eu-east-1:123456789012",
                "aws:ecs:eu-west-1:123456789013",
                "aws:ecs:eu-west-1:123456189012",
                "aws-cn:ecs:eu-west-1:123456789012")) {
            assertEquals(List.of(), of(arn(other)), other);
        }
    }

    @Test
    void anotherPartitionHasHomesToo() {
        routes.learn(arn("aws-cn:ecs:cn-north-1:123456789012"), one.view);
        assertEquals(List.of(one.view), of(arn("aws-cn:ecs:cn-north-1:123456789012")));
    }

    @Test
    void aTextWithoutAHomeLeadsNowhere() {
        for (String text : List.of(
                "",
                "a",
                "prod/web",
                "arn:",
                "arn:aws:",
                "arn:aws:ecs:x:1:task/a",
                "arn:aws:ecs:eu-west-1:12345678901")) {
            routes.learn(text, one.view);
            assertEquals(List.of(), of(text), text);
        }
    }

    @Test
    void membersThatShareAHomeAreAskedInTheirOrderAndOnce() {
        String arn = Entities.taskArn("prod", "a");
        routes.learn(arn, two.view);
        routes.learn(arn, one.view);
        routes.learn(arn, two.view);

        assertEquals(List.of(one.view, two.view), of(arn));
    }

    @Test
    void thousandsOfHomesAreKeptAndNoMoreThanThat() {
        for (int account = 0; account < MOST + 100; account++) {
            routes.learn(ofAccount(account), account % 2 == 0 ? one.view : two.view);
        }
        int kept = 0;
        for (int account = 0; account < MOST + 100; account++) {
            StoreView owner = account % 2 == 0 ? one.view : two.view;
            kept += of(ofAccount(account)).contains(owner) ? 1 : 0;
        }
        assertEquals(MOST, kept);
    }

    private static String ofAccount(int account) {
        return arn("aws:ecs:eu-west-1:" + (100_000_000_000L + account));
    }
}
