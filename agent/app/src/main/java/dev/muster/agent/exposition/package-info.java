/// The text formats of expositions: a parser that works in place on the bytes of a body, and a
/// writer into a reused buffer.
@NullMarked
package dev.muster.agent.exposition;

import org.jspecify.annotations.NullMarked;
