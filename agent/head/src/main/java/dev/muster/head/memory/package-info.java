/// Series, appenders, isolation; drives chunks, log and index.
@NullMarked
package dev.muster.head.memory;

import org.jspecify.annotations.NullMarked;
