package dev.muster.federation.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;

/// Ports that were free a moment ago.
final class FreePorts {
    private FreePorts() {}

    static List<Integer> of(int count) {
        var sockets = new ServerSocket[count];
        var ports = new Integer[count];
        try {
            for (int i = 0; i < count; i++) {
                sockets[i] = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ports[i] = sockets[i].getLocalPort();
            }
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.of(ports);
    }
}
