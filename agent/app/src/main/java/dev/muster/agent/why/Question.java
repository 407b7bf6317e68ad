package dev.muster.agent.why;

/// What somebody wants to know.
public sealed interface Question {
    /// Everything at a glance: all targets and what is wrong.
    record OfAll() implements Question {}

    /// About a target, whether or not there is one.
    ///
    /// @param text instance, `host:port`, URL, job name or a part of one of them
    /// @param job only targets of that job; empty for all
    /// @param probe may the address be asked now, if it is a loopback address?
    record OfTarget(String text, String job, boolean probe) implements Question {}

    /// About whatever listens on a port of this host.
    ///
    /// @param port 1 to 65535
    /// @param probe may the port be asked now?
    record OfPort(int port, boolean probe) implements Question {
        public OfPort {
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("port must be 1 to 65535: found=" + port);
            }
        }
    }

    /// About a series.
    ///
    /// @param selector which
    record OfSeries(Selector selector) implements Question {}
}
