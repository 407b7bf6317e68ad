/// Who is up, decided by quorum: a pure function of state and event, without clock, thread or
/// socket.
@NullMarked
package dev.muster.federation.detect;

import org.jspecify.annotations.NullMarked;
