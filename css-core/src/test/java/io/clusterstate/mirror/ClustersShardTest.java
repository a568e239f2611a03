package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.testing.Seeds;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The division of clusters into shards. */
class ClustersShardTest {

    private static final String HOME = "arn:aws:ecs:eu-west-1:111122223333:cluster/";
    private static final int MANY = 4_000;

    /**
     * The figures come from another implementation, in Python: {@code key = int.from_bytes(sha256(arn).digest()[:8],
     * "big")}, then the loop of the paper. A mirror of a later version has to divide alike, so they never change.
     */
    @Test
    void theShardOfAClusterNeverChanges() {
        assertEquals(List.of(0, 1, 1, 1, 6, 6, 687), shardsOf(HOME + "default"));
        assertEquals(List.of(0, 1, 1, 1, 1, 1, 500), shardsOf(HOME + "prod"));
        assertEquals(List.of(0, 0, 0, 0, 7, 7, 317), shardsOf(HOME + "team-1"));
    }

    @Test
    void eachClusterIsInExactlyOneShard() {
        Seeds.forEach(20, random -> {
            int count = 1 + random.nextInt(12);
            String arn = anyArn(random);
            long holders = IntStream.range(0, count)
                    .filter(index -> Clusters.all().shard(index, count).includes(arn))
                    .count();
            assertEquals(1, holders, () -> arn + " in " + count);
        });
    }

    @Test
    void shardsAreOfLikeSize() {
        for (int count : new int[] {2, 3, 4, 8}) {
            int[] sizes = new int[count];
            numbered().forEach(arn -> sizes[Shard.indexOf(arn, count)]++);
            for (int size : sizes) {
                assertTrue(Math.abs(size - MANY / count) < MANY / count / 5, () -> count + ": " + List.of(size));
            }
        }
    }

    @Test
    void oneMoreShardTakesClustersFromTheOthersAndMovesNoneBetweenThem() {
        for (int count = 1; count < 10; count++) {
            int before = count;
            List<String> moved = numbered().stream()
                    .filter(arn -> Shard.indexOf(arn, before) != Shard.indexOf(arn, before + 1))
                    .toList();
            assertTrue(moved.stream().allMatch(arn -> Shard.indexOf(arn, before + 1) == before));
            assertTrue(Math.abs(moved.size() - MANY / (before + 1)) < MANY / (before + 1) / 5, () -> "" + moved.size());
        }
    }

    @Test
    void aShardOfAPatternHasOnlyWhatMatches() {
        Clusters prod = Clusters.matching(Pattern.compile("prod-.*"));
        assertEquals(
                numberedProd(),
                numberedProd().stream()
                        .filter(arn -> prod.shard(0, 2).includes(arn)
                                != prod.shard(1, 2).includes(arn))
                        .toList());
        assertFalse(prod.shard(0, 1).includes(HOME + "test-1"));
        assertTrue(prod.readableOnly().shard(0, 1).isReadableOnly());
        assertTrue(prod.shard(0, 1).readableOnly().includes(HOME + "prod-1"));
        assertTrue(prod.shard(0, 1).shard(0, 1).includes(HOME + "prod-1"));
    }

    @Test
    void whatCannotBeIsRefused() {
        assertEquals(
                "index: 2 (expected: 0 to 1)",
                assertThrows(IllegalArgumentException.class, () -> Clusters.all()
                                .shard(2, 2))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> Clusters.all().shard(-1, 2));
        assertEquals(
                "count: 0 (expected: >= 1)",
                assertThrows(IllegalArgumentException.class, () -> Clusters.all()
                                .shard(0, 0))
                        .getMessage());
        assertEquals(
                "shard: of clusters by name (expected: of all, or of those that match)",
                assertThrows(IllegalStateException.class, () -> Clusters.named("prod")
                                .shard(0, 2))
                        .getMessage());
    }

    private static List<Integer> shardsOf(String arn) {
        return IntStream.of(1, 2, 3, 4, 8, 16, 1_000)
                .mapToObj(count -> Shard.indexOf(arn, count))
                .toList();
    }

    private static List<String> numbered() {
        return IntStream.range(0, MANY).mapToObj(i -> HOME + "team-" + i).toList();
    }

    private static List<String> numberedProd() {
        return IntStream.range(0, 50).mapToObj(i -> HOME + "prod-" + i).toList();
    }

    private static String anyArn(Random random) {
        return HOME + Long.toString(random.nextLong(), Character.MAX_RADIX);
    }
}
