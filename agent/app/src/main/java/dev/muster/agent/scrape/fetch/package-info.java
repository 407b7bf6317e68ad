/// Fetches the body of one scrape, within a deadline and a size.
@NullMarked
package dev.muster.agent.scrape.fetch;

import org.jspecify.annotations.NullMarked;
