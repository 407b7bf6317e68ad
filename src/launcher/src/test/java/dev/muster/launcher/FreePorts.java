package dev.muster.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// Ports for processes that are told where to listen. They lie below those that the system hands
/// out by itself, and none is given twice to the tests of one process.
public final class FreePorts {
    private static final int FIRST = 12_000;
    private static final int END = 30_000;

    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(FIRST, END));

    private FreePorts() {}

    /// The first of `count` ports in a row that are free just now.
    public static int row(int count) {
        for (int attempt = 0; attempt < 100; attempt++) {
            int first = NEXT.getAndUpdate(next -> next + 2 * count < END ? next + count : FIRST);
            if (IntStream.range(first, first + count).allMatch(FreePorts::isFree)) {
                return first;
            }
        }
        throw new IllegalStateException("no free ports in a row: count=" + count);
    }

    private static boolean isFree(int port) {
        try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
