/// The recent samples of one host.
@NullMarked
package dev.muster.head;

import org.jspecify.annotations.NullMarked;
