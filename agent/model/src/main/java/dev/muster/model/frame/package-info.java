/// Series as a stream of bytes between an agent and a query node.
@NullMarked
package dev.muster.model.frame;

import org.jspecify.annotations.NullMarked;
