package io.clusterstate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The views that have shown an entity of a home, which is the part of an ARN up to the account. It only orders the
 * search for an ARN, so that a lookup among many views commonly asks one.
 *
 * <p>Thread: safe for any thread. {@link #of} takes no lock and allocates nothing.
 */
final class HomeRoutes {

    private static final StoreView[] NONE = {};
    private static final int MOST = 4_096;
    private static final int LEAST_SLOTS = 8;
    private static final int COLONS = 5;
    private static final int LONGEST = 96;

    private final List<StoreView> order;
    /** An open hash table, never changed, with a free slot beside each full one. */
    private volatile @Nullable Route[] slots = new @Nullable Route[LEAST_SLOTS];

    private record Route(String home, int hash, StoreView[] owners) {}

    HomeRoutes(List<StoreView> order) {
        this.order = order;
    }

    /** The views that are known to have an ARN's home, in their order; none for an id, a name or a new home. */
    StoreView[] of(String arn) {
        long key = key(arn);
        Route route = key == 0 ? null : find(slots, arn, (int) (key >>> Integer.SIZE), (int) key);
        return route == null ? NONE : route.owners;
    }

    private static @Nullable Route find(@Nullable Route[] table, String arn, int hash, int end) {
        int mask = table.length - 1;
        for (int slot = hash & mask; ; slot = (slot + 1) & mask) {
            Route route = table[slot];
            if (route == null || (route.hash == hash && isHome(route.home, arn, end))) {
                return route;
            }
        }
    }

    private static boolean isHome(String home, String arn, int end) {
        return home.length() == end && arn.startsWith(home);
    }

    /** The hash of an ARN's home, and below it the home's length; 0 if the text has none. */
    private static long key(String arn) {
        int colons = 0;
        int hash = 0;
        int longest = Math.min(arn.length(), LONGEST);
        for (int i = 0; i < longest; i++) {
            char each = arn.charAt(i);
            if (each == ':' && ++colons == COLONS) {
                return ((long) (hash ^ hash >>> Short.SIZE) << Integer.SIZE) | i;
            }
            hash = hash * 31 + each;
        }
        return 0;
    }

    /** Notes that a view has an entity. */
    synchronized void learn(String arn, StoreView owner) {
        long key = key(arn);
        StoreView[] known = of(arn);
        if (key == 0 || Arrays.asList(known).contains(owner)) {
            return;
        }
        StoreView[] more = Arrays.copyOf(known, known.length + 1);
        more[known.length] = owner;
        Arrays.sort(more, Comparator.comparingInt(order::indexOf));
        put(new Route(arn.substring(0, (int) key), (int) (key >>> Integer.SIZE), more));
    }

    private void put(Route added) {
        List<Route> routes = Arrays.stream(slots)
                .filter(route -> route != null && !route.home.equals(added.home))
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
