/// PromQL: parser and engine over any series source.
@NullMarked
package dev.muster.promql;

import org.jspecify.annotations.NullMarked;
