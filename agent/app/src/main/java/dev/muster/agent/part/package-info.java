/// Parts of queries, answered from recent data. Nothing of it is loaded until one is asked, but its
/// limits.
@NullMarked
package dev.muster.agent.part;

import org.jspecify.annotations.NullMarked;
