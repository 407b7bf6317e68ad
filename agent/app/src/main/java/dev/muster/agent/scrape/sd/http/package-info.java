/// Target groups that an HTTP server hands out.
@NullMarked
package dev.muster.agent.scrape.sd.http;

import org.jspecify.annotations.NullMarked;
