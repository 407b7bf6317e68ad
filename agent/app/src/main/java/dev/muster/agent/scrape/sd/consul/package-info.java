/// Services that Consul knows.
@NullMarked
package dev.muster.agent.scrape.sd.consul;

import org.jspecify.annotations.NullMarked;
