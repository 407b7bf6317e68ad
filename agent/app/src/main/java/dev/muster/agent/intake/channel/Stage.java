package dev.muster.agent.intake.channel;

import java.util.List;
import org.eclipse.microprofile.reactive.messaging.Message;

/// What stands behind a channel.
///
/// @param <T> what its messages carry
@FunctionalInterface
public interface Stage<T> {
    /// Takes messages that waited, in the order in which they came, and acknowledges those that are
    /// done with. Called by the channel's own thread; may block, which fills the channel.
    ///
    /// @param some at least one; not to be kept
    /// @throws InterruptedException if the channel is closed meanwhile
    void take(List<Message<? extends T>> some) throws InterruptedException;
}
