/// Signs of life between the agents of a cell as sealed datagrams: one socket, one thread, no state
/// but when each peer was heard.
@NullMarked
package dev.muster.federation.udp;

import org.jspecify.annotations.NullMarked;
