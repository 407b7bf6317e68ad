/// What a scrape job is: the values a configuration file becomes.
@NullMarked
package dev.muster.agent.scrape.job;

import org.jspecify.annotations.NullMarked;
