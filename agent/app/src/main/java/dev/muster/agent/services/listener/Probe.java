package dev.muster.agent.services.listener;

/// Asks an address once whether it has metrics. Blocks, within its limits. Thread-safe.
@FunctionalInterface
interface Probe {
    /// @param host address to connect to
    Result ask(String host, int port);

    /// What came of it.
    sealed interface Result {
        /// It is in words for people.
        String text();

        /// An exposition.
        record Metrics() implements Result {
            @Override
            public String text() {
                return "answers with metrics";
            }
        }

        /// It speaks HTTP and has no metrics there.
        record NoMetrics(String text) implements Result {}

        /// It speaks something else.
        record NoHttp(String text) implements Result {}

        /// It gave no whole answer; it may yet.
        record NoAnswer(String text) implements Result {}
    }
}
