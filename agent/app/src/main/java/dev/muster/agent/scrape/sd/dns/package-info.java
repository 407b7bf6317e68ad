/// Targets that stand in DNS records.
@NullMarked
package dev.muster.agent.scrape.sd.dns;

import org.jspecify.annotations.NullMarked;
