package io.clusterstate.examples.soak;

/** The memory in use after a collection stays near that of the first window: a quarter and 48 MiB more at most. */
final class FlatHeap extends Law {

    private static final double GROWTH = 0.25;
    private static final long NOISE = 48L << 20;

    private long first = -1;
    private long last;

    FlatHeap(Findings findings) {
        super("this process", findings);
    }

    /** Ends a window. */
    synchronized void endWindow(long bytesInUse) {
        first = first < 0 ? bytesInUse : first;
        last = bytesInUse;
        long most = (long) (first * (1 + GROWTH)) + NOISE;
        require(
                bytesInUse <= most,
                () -> "heap: " + bytesInUse + " bytes in use after a collection (expected: at most " + most + ", by "
                        + first + " in the first window)");
    }

    synchronized long atFirst() {
        return first;
    }

    synchronized long atLast() {
        return last;
    }
}
