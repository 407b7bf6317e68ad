package dev.muster.query.receivers;

import java.util.List;

/// The receivers of a configuration file, in its order. Immutable.
public interface ReceiverBook extends AutoCloseable {
    /// Their names.
    List<String> names();

    /// The ways to tell one of them, first by kind, then in the order of the file; none for a
    /// receiver that tells nobody.
    ///
    /// @throws IllegalArgumentException if there is no receiver of that name
    List<Receiver> receivers(String name);

    /// Lets go what it holds. Deliveries under way may fail.
    @Override
    void close();
}
