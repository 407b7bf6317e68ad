/// What jobs push: groups of metrics, as the Pushgateway takes them, kept on disk until they are
/// deleted or their time is over, and scraped from memory like any target.
@NullMarked
package dev.muster.agent.push;

import org.jspecify.annotations.NullMarked;
