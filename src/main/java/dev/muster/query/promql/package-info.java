/// PromQL: parser and engine over any series source.
@NullMarked
package dev.muster.query.promql;

import org.jspecify.annotations.NullMarked;
