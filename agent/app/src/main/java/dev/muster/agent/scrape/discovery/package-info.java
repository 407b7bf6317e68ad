/// From jobs and discovered addresses to targets.
@NullMarked
package dev.muster.agent.scrape.discovery;

import org.jspecify.annotations.NullMarked;
