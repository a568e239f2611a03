package io.clusterstate.internal.shape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.clusterstate.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class StringPoolTest {

    @Test
    void equalStringsBecomeOne() {
        StringPool pool = new StringPool(16);

        String first = pool.share("RUN".concat("NING"));

        assertSame(first, pool.share("RUNN".concat("ING")));
        assertSame(first, pool.share("xRUNNINGx".toCharArray(), 1, 7));
        assertEquals("RUNNING", first);
    }

    @Test
    void charactersAndStringsShareOnePlace() {
        Seeds.forEach(500, random -> {
            StringPool pool = new StringPool(1 << 10);
            String text = text(random, random.nextInt(100));
            char[] chars = ("<" + text + ">").toCharArray();

            assertSame(pool.share(chars, 1, text.length()), pool.share(text));
        });
    }

    @Test
    void longStringsAreNotKept() {
        StringPool pool = new StringPool(16);
        String longest = "x".repeat(512);
        String longer = "x".repeat(513);

        assertSame(pool.share(longest.toCharArray(), 0, 512), pool.share(longest));
        assertSame(longer, pool.share(longer));
        assertNotSame(longer, pool.share("x".repeat(513)));
        assertNotSame(longer, pool.share(longer.toCharArray(), 0, 513));
        assertEquals(longer, pool.share(longer.toCharArray(), 0, 513));
    }

    @Test
    void stringsOfOneHashAreToldApart() {
        StringPool pool = new StringPool(16);

        assertEquals("Aa", pool.share("Aa"));
        assertEquals("BB", pool.share("BB"));
        assertEquals("Aa", pool.share("Aa".toCharArray(), 0, 2));
        assertEquals("BB", pool.share("BB".toCharArray(), 0, 2));
    }

    @Test
    void longStringsThatDifferOnlyOutsideTheSampleEvictEachOther() {
        StringPool pool = new StringPool(1 << 10);
        String other = pool.share("arn:aws:ecs:eu-west-1:123456789012:cluster/other");
        String last = "";
        for (int i = 0; i < 10_000; i++) {
            last = "x".repeat(40) + i % 1_000 + "y".repeat(30);
            char[] chars = last.toCharArray();

            assertEquals(last, pool.share(chars, 0, chars.length));
            last = pool.share(last);
        }

        assertSame(last, pool.share(last.toCharArray(), 0, last.length()));
        assertSame(other, pool.share("arn:aws:ecs:eu-west-1:123456789012:cluster/other"));
    }

    @Test
    void clustersOfOneNameInTwoRegionsAndAccountsKeepTheirPlaces() {
        StringPool pool = new StringPool(1 << 14);
        List<String> arns = new ArrayList<>();
        for (String region : List.of("eu-west-1", "us-east-1", "us-west-2")) {
            for (int account = 1; account <= 3; account++) {
                arns.add(pool.share(
                        "arn:aws:ecs:" + region + ":" + account + "23456789012:cluster/a-long-name-of-a-cluster"));
            }
        }

        for (String arn : arns) {
            assertSame(arn, pool.share(arn.toCharArray(), 0, arn.length()));
        }
    }

    @Test
    void aPoolThatIsFarTooSmallStillGivesEveryString() {
        Seeds.forEach(100, random -> {
            StringPool pool = new StringPool(1);
            for (int i = 0; i < 200; i++) {
                assertShared(pool, text(random, random.nextInt(3)), random.nextBoolean());
            }
        });
    }

    @Test
    void theEmptyStringIsAString() {
        StringPool pool = new StringPool(16);

        assertEquals("", pool.share(""));
        assertEquals("", pool.share(new char[] {'x'}, 1, 0));
    }

    @Test
    void severalThreadsGetTheStringsTheyAskFor() throws InterruptedException, ExecutionException {
        StringPool pool = new StringPool(64);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Void>> all = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                all.add(() -> {
                    Seeds.forEach(200, random -> {
                        for (int i = 0; i < 200; i++) {
                            assertShared(pool, text(random, random.nextInt(3)), random.nextBoolean());
                        }
                    });
                    return null;
                });
            }
            for (Future<Void> done : threads.invokeAll(all)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void assertShared(StringPool pool, String text, boolean fromChars) {
        String shared = fromChars ? pool.share(text.toCharArray(), 0, text.length()) : pool.share(text);

        assertEquals(text, shared);
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) (random.nextInt(20) == 0 ? random.nextInt(0x10000) : 'a' + random.nextInt(26)));
        }
        return text.toString();
    }
}
