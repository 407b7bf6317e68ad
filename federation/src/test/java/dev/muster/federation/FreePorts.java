package dev.muster.federation;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/// Ports for members whose number must be known before they listen, and again after they have
/// stopped. They lie below those that the system hands out by itself, to whoever connects or
/// listens meanwhile, and none is given twice to the tests of one process.
public final class FreePorts {
    private static final int FIRST = 12_000;
    private static final int END = 30_000;

    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(END - FIRST));

    private FreePorts() {}

    public static List<Integer> of(int count) {
        List<Integer> ports = new ArrayList<>();
        for (int tried = FIRST; ports.size() < count && tried < END; tried++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), END - FIRST);
            if (isFree(port)) {
                ports.add(port);
            }
        }
        if (ports.size() < count) {
            throw new IllegalStateException("too few free ports: wanted=" + count);
        }
        return List.copyOf(ports);
    }

    private static boolean isFree(int port) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (var _ = new ServerSocket(port, 1, loopback);
                var _ = new DatagramSocket(port, loopback)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
