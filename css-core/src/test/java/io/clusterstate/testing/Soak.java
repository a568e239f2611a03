package io.clusterstate.testing;

/**
 * The size of a test that is tagged {@code soak}: a small one in each build, and with {@code -Dcss.soak=true} the whole
 * one. {@code -Dcss.soak.size=N} sets any other size, for a run of a single test. All make the same checks.
 */
public final class Soak {

    private static final boolean IS_WHOLE = Boolean.getBoolean("css.soak");

    private Soak() {}

    /**
     * Picks a size, and prints it.
     *
     * @param what the unit, for the line that is printed
     * @param small enough to fail where the code is wrong
     * @param whole as much as a release has to stand
     * @return one of the two
     */
    public static int size(String what, int small, int whole) {
        int size = Integer.getInteger("css.soak.size", IS_WHOLE ? whole : small);
        System.out.printf("soak: %,d %s%s%n", size, what, IS_WHOLE ? "" : String.format(" (whole: %,d)", whole));
        return size;
    }
}
