package dev.muster.agent.services.listener;

/// A TCP socket that waits for connections, as the kernel's table has it.
///
/// @param address what it is bound to: `0.0.0.0` and `::` for every address
/// @param port 1 to 65535
/// @param inode number of the socket, unique on the host while it is open
record ListeningSocket(String address, int port, long inode) {
    boolean everyAddress() {
        return address.equals("0.0.0.0") || address.equals("::");
    }

    boolean loopback() {
        return address.startsWith("127.") || address.equals("::1");
    }

    boolean version6() {
        return address.indexOf(':') >= 0;
    }
}
