/// Label sets and the matchers that choose among them.
@NullMarked
package dev.muster.model.labels;

import org.jspecify.annotations.NullMarked;
