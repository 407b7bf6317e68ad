/// The directory of all cells, learned from agents without being one.
@NullMarked
package dev.muster.query.directory;

import org.jspecify.annotations.NullMarked;
