package dev.muster.federation.detect;

/// What came of asking a silent agent over HTTP.
public enum ProbeResult {
    /// It answered: it lives, and only the beats are lost.
    ALIVE,
    /// Its port took the connection, and then nothing: it is stopped, starved or hung.
    CONNECTED,
    /// Its host answered that nobody listens: the process is gone.
    REFUSED,
    /// Nothing came back.
    SILENT
}
