package dev.muster.agent.services.listener;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// On which addresses the ports of this host are listened on, in the agent's own network namespace,
/// as the kernel had it when it was asked. Immutable.
public final class LocalPorts {
    private final List<ListeningSocket> sockets;

    private LocalPorts(List<ListeningSocket> sockets) {
        this.sockets = List.copyOf(sockets);
    }

    /// Reads the kernel's tables; where they cannot be read, nobody seems to listen.
    public static LocalPorts read(Path procfs) {
        Procfs files = new Procfs(procfs);
        SocketTable table = new SocketTable();
        List<ListeningSocket> sockets = new ArrayList<>();
        for (String file : List.of("self/net/tcp", "self/net/tcp6")) {
            try (InputStream in = files.open(file)) {
                table.read(in, sockets::add);
            } catch (IOException e) {
                // one of the two may not exist
                continue;
            }
        }
        return new LocalPorts(sockets);
    }

    /// Where other hosts find that port: the address that it is bound to, or `everywhere` where it
    /// is bound to all; empty where it is on loopback only, or nobody listens.
    public String reachable(int port, String everywhere) {
        String found = "";
        for (ListeningSocket socket : sockets) {
            if (socket.port() == port && socket.everyAddress()) {
                return everywhere;
            }
            if (socket.port() == port && !socket.loopback()) {
                found = socket.address();
            }
        }
        return found;
    }
}
