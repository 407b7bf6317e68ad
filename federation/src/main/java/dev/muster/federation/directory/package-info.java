/// What every agent may know of all cells: where they are and how many of them are up, spread by a
/// thin gossip; and the watch of cells over cells. Pure: no clock, thread, file or socket.
@NullMarked
package dev.muster.federation.directory;

import org.jspecify.annotations.NullMarked;
