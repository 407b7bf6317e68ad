/// What the kinds of discovery share: keeping the last right answer, limits, refreshing, JSON.
@NullMarked
package dev.muster.agent.scrape.sd;

import org.jspecify.annotations.NullMarked;
