/// Connections to agents: one to each, over HTTP/2, that carries streams and questions side by
/// side.
@NullMarked
package dev.muster.query.wire;

import org.jspecify.annotations.NullMarked;
