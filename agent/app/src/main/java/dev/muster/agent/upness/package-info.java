/// The log of how the whole cell changes: written, read, shipped, and mended after a gap.
@NullMarked
package dev.muster.agent.upness;

import org.jspecify.annotations.NullMarked;
