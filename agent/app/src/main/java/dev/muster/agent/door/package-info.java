/// Where everything that is pushed comes in: bounded, timed and, from other hosts, with a token.
@NullMarked
package dev.muster.agent.door;

import org.jspecify.annotations.NullMarked;
