package dev.muster.query.receivers.deliver;

import dev.muster.query.receivers.Notification;
import dev.muster.query.receivers.text.Texts;
import dev.muster.query.template.TemplateException;
import java.io.IOException;

/// Tells one receiver in the way of its kind. Thread-safe.
@FunctionalInterface
interface Message {
    /// Tells it, once.
    ///
    /// @throws RefusedException if it does not take it
    /// @throws TemplateException if a text cannot be made
    /// @throws IOException if it cannot be reached, or a file cannot be read
    void tell(Notification notification, Texts texts)
            throws RefusedException, TemplateException, IOException, InterruptedException;
}
