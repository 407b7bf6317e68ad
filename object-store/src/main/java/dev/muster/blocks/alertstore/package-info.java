/// The table `alerts` of a bucket: its files are added to, and read.
@NullMarked
package dev.muster.blocks.alertstore;

import org.jspecify.annotations.NullMarked;
