package dev.muster.federation.tls;

/// Whether a server wants to see certificates of those who call it.
public enum ClientAuth {
    /// It does not ask.
    NONE,
    /// It asks; who shows one must show a good one, who has none is served too.
    REQUEST,
    /// Who shows none is told no more than whether the server lives.
    REQUIRED;

    /// As the configuration names it.
    ///
    /// @throws IllegalArgumentException if it is none of them
    public static ClientAuth of(String text) {
        return switch (text) {
            case "none" -> NONE;
            case "request" -> REQUEST;
            case "required" -> REQUIRED;
            default ->
                    throw new IllegalArgumentException(
                            "muster.tls.client-auth must be none, request or required: found="
                                    + text);
        };
    }
}
