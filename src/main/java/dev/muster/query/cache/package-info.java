/// Answers kept for the next time.
@NullMarked
package dev.muster.query.cache;

import org.jspecify.annotations.NullMarked;
