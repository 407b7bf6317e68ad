package dev.muster.federation.udp;

import java.util.Optional;

/// Where and how datagrams are exchanged.
///
/// @param cell name of the cell
/// @param host the own host
/// @param address the one address to bind and to be known by
/// @param port 0 to 65535; 0 for any that is free
/// @param secret if present, datagrams of those who do not know it are refused
public record UdpConfig(
        String cell, String host, String address, int port, Optional<String> secret) {
    public UdpConfig {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("udp port must be 0 to 65535: port=" + port);
        }
    }

    /// Without the secret.
    @Override
    public String toString() {
        return "UdpConfig[cell="
                + cell
                + ", host="
                + host
                + ", address="
                + address
                + ", port="
                + port
                + ", secret="
                + (secret.isPresent() ? "given" : "none")
                + "]";
    }
}
