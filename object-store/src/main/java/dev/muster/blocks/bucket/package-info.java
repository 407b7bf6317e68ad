/// Objects under keys: put once, get ranges, list, delete; in a directory, in memory or over S3.
@NullMarked
package dev.muster.blocks.bucket;

import org.jspecify.annotations.NullMarked;
