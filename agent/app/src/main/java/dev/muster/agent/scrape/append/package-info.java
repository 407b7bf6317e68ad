/// From a body to samples in the head: the hot path of a scrape.
@NullMarked
package dev.muster.agent.scrape.append;

import org.jspecify.annotations.NullMarked;
