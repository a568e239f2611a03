package io.clusterstate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The views that have shown an entity of a home, which is the part of an ARN up to the account. It only orders the
 * search for an ARN, so that a lookup among many views commonly asks one. Two homes with one hash share their views.
 *
 * <p>Thread: safe for any thread. {@link #of} takes no lock and allocates nothing.
 */
final class HomeRoutes {

    private static final StoreView[] NONE = {};
    private static final int MOST = 4_096;
    private static final int LEAST_SLOTS = 8;
    private static final int PARTITION = "arn:".length();
    private static final String COMMON = "arn:aws:";
    private static final int SERVICE = ":ecs:".length();
    private static final int SHORTEST_REGION = 5;
    private static final int ACCOUNT = 12;
    private static final int STEP = 31 * 31 * 31;

    private final List<StoreView> order;
    /** An open hash table, never changed, with at least as many free slots as full ones. */
    private volatile @Nullable Route[] slots = new @Nullable Route[LEAST_SLOTS];

    private static final class Route {

        final int hash;
        final StoreView[] owners;

        Route(int hash, StoreView[] owners) {
            this.hash = hash;
            this.owners = owners;
        }
    }

    HomeRoutes(List<StoreView> order) {
        this.order = order;
    }

    /** The views that are known to have an ARN's home, in their order; none for an id, a name or a new home. */
    StoreView[] of(String arn) {
        int hash = hash(arn);
        @Nullable Route[] table = slots;
        int mask = table.length - 1;
        for (int slot = hash & mask; ; slot = (slot + 1) & mask) {
            Route route = table[slot];
            if (route == null || route.hash == hash) {
                return route == null || hash == 0 ? NONE : route.owners;
            }
        }
    }

    /**
     * The hash of an ARN's home; 0 if the text has none. It takes some of the characters in which Regions and accounts
     * differ, since a loop over all costs more than the lookup itself.
     */
    private static int hash(String arn) {
        boolean isCommon = arn.length() > COMMON.length() && arn.charAt(COMMON.length() - 1) == ':';
        int service = isCommon ? COMMON.length() - 1 : arn.indexOf(':', PARTITION);
        int region = service + SERVICE;
        int end = service < 0 ? -1 : arn.indexOf(':', region + SHORTEST_REGION);
        if (end < 0 || arn.length() < end + 1 + ACCOUNT) {
            return 0;
        }
        int start = (arn.charAt(region) * 31 + arn.charAt(region + 1)) * 31 + arn.charAt(region + 3);
        int rest = (arn.charAt(end - 5) * 31 + arn.charAt(end - 1)) * 31 + end;
        int hash = start * STEP + rest;
        hash = hash * STEP + digits(arn, end + ACCOUNT - 5);
        hash = hash * STEP + digits(arn, end + ACCOUNT - 2);
        return hash ^ hash >>> Short.SIZE;
    }

    /** Three digits. The processor computes several such sums at once, as it cannot with one long sum. */
    private static int digits(String arn, int at) {
        return (arn.charAt(at) * 31 + arn.charAt(at + 1)) * 31 + arn.charAt(at + 2);
    }

    /** Notes that a view has an entity. */
    synchronized void learn(String arn, StoreView owner) {
        int hash = hash(arn);
        StoreView[] known = of(arn);
        if (hash != 0 && !Arrays.asList(known).contains(owner)) {
            StoreView[] more = Arrays.copyOf(known, known.length + 1);
            more[known.length] = owner;
            Arrays.sort(more, Comparator.comparingInt(order::indexOf));
            put(new Route(hash, more));
        }
    }

    private void put(Route added) {
        List<Route> routes = Arrays.stream(slots)
                .filter(route -> route != null && route.hash != added.hash)
                .toList();
        if (routes.size() < MOST) {
            int size = Integer.highestOneBit(Math.max(LEAST_SLOTS, routes.size() * 2 + 2) * 2 - 1);
            @Nullable Route[] table = new @Nullable Route[size];
            routes.forEach(route -> enter(table, route));
            enter(table, added);
            slots = table;
        }
    }

    private static void enter(@Nullable Route[] table, Route route) {
        int mask = table.length - 1;
        int slot = route.hash & mask;
        while (table[slot] != null) {
            slot = (slot + 1) & mask;
        }
        table[slot] = route;
    }
}
