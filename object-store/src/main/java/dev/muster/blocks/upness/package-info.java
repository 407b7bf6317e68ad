/// The history of who was up: its values, its bytes in a log, and how the words of several
/// observers become one history.
@NullMarked
package dev.muster.blocks.upness;

import org.jspecify.annotations.NullMarked;
