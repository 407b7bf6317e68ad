/// Finds names by parts of them.
@NullMarked
package dev.muster.query.search;

import org.jspecify.annotations.NullMarked;
