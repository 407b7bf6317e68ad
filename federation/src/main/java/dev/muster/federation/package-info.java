/// Membership and upness of a cell.
@NullMarked
package dev.muster.federation;

import org.jspecify.annotations.NullMarked;
