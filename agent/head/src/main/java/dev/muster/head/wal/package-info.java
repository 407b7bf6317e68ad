/// The write-ahead log: segments, records, replay, repair; and checkpoints.
@NullMarked
package dev.muster.head.wal;

import org.jspecify.annotations.NullMarked;
