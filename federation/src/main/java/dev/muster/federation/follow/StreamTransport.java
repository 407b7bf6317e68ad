package dev.muster.federation.follow;

/// Carries frames between this node and agents. Thread-safe.
public interface StreamTransport {
    /// What is asked of an agent.
    enum Kind {
        /// All that changes from now on, until one side closes.
        STREAM,
        /// What differs now; then the agent ends it.
        ONCE
    }

    /// Asks an agent; returns at once, and does not throw where the agent does not answer.
    ///
    /// @param agentUrl such as `http://10.0.0.7:9640`
    /// @param subscribe the frame that is sent
    /// @param receiver is told what comes, by one thread at a time, not before this returns
    Connection open(String agentUrl, Kind kind, byte[] subscribe, Receiver receiver);

    /// Takes what comes on a connection.
    interface Receiver {
        /// A whole frame has come.
        void received(byte[] frame);

        /// Nothing more comes; told once.
        ///
        /// @param reason in words; empty if the agent has said all it was asked for
        void ended(String reason);
    }

    /// A connection that was asked for.
    interface Connection {
        /// Ends it; the receiver may be told something that was on its way.
        void close();

        /// Until when all that has come is handed over: before now where this node has too much to
        /// do to look at what has come. Silence counts until then only.
        ///
        /// @param nowMs of a clock that does not step
        default long readMs(long nowMs) {
            return nowMs;
        }
    }
}
