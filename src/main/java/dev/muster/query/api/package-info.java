/// Prometheus' HTTP API, the fleet and the state of the node as JSON.
@NullMarked
package dev.muster.query.api;

import org.jspecify.annotations.NullMarked;
