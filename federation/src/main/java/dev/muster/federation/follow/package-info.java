/// Which agents a query node follows, and how it changes over when one is lost.
@NullMarked
package dev.muster.federation.follow;

import org.jspecify.annotations.NullMarked;
