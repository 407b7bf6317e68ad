/// Samples on their way from this query node, which keeps none, to agents: what rules record, and
/// what is written to it; see `docs/format/forwarding.md`.
@NullMarked
package dev.muster.query.forward;

import org.jspecify.annotations.NullMarked;
