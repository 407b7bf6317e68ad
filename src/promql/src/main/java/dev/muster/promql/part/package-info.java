/// Parts of queries that can be answered where the series are: what is asked, what comes back, and
/// both as bytes.
@NullMarked
package dev.muster.promql.part;

import org.jspecify.annotations.NullMarked;
