/// Channels of Reactive Messaging between the stages of a pipeline in this process. Loaded where a
/// feature with such a pipeline is configured.
@NullMarked
package dev.muster.agent.intake.channel;

import org.jspecify.annotations.NullMarked;
