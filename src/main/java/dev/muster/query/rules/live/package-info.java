/// Rules that are evaluated as time goes on: which groups there are, who evaluates them when, and
/// what they may take.
@NullMarked
package dev.muster.query.rules.live;

import org.jspecify.annotations.NullMarked;
