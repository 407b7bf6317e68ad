/// Certificates of agents and query nodes: read from PEM files, and read again when these change,
/// without a connection lost. Knows of no HTTP library: it hands out the key and trust managers of
/// the JDK, which servers and clients ask at each handshake.
@NullMarked
package dev.muster.federation.tls;

import org.jspecify.annotations.NullMarked;
