/// Prometheus' relabelling: rules that keep, drop and rewrite label sets.
@NullMarked
package dev.muster.agent.scrape.relabel;

import org.jspecify.annotations.NullMarked;
