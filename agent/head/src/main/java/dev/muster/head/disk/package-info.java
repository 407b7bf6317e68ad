/// Files, behind a seam that lets tests fill the disk.
@NullMarked
package dev.muster.head.disk;

import org.jspecify.annotations.NullMarked;
