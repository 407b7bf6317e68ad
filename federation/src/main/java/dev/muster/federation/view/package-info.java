/// Immutable views of a cell and of the fleet, and how they are merged.
@NullMarked
package dev.muster.federation.view;

import org.jspecify.annotations.NullMarked;
