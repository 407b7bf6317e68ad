/// Agents and blocks as one source of series.
@NullMarked
package dev.muster.query.source;

import org.jspecify.annotations.NullMarked;
