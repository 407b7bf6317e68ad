/// Deletes what is older than it is to be kept: whole days of a table, after a day of grace.
@NullMarked
package dev.muster.blocks.retention;

import org.jspecify.annotations.NullMarked;
