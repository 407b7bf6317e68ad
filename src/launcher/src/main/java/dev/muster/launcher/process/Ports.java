package dev.muster.launcher.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.stream.Collectors;

/// Says whether TCP ports of the loopback address are free.
public final class Ports {
    private Ports() {}

    /// Refuses when any of the ports is taken, naming all that are, so that one start shows the
    /// whole trouble.
    ///
    /// @param needed what each port is for, by port
    public static void requireFree(Map<Integer, String> needed) {
        var taken =
                needed.entrySet().stream()
                        .filter(entry -> !isFree(entry.getKey()))
                        .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                        .collect(Collectors.joining(", "));
        if (!taken.isEmpty()) {
            throw new RefusedException(
                    "ports must be free on 127.0.0.1: in use: "
                            + taken
                            + "\nstop what listens there, or choose others with --port-base");
        }
    }

    static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
