/// Scrapes targets, each at its own ticks: finds them, fetches, appends, and knows of each how it
/// went.
@NullMarked
package dev.muster.agent.scrape;

import org.jspecify.annotations.NullMarked;
