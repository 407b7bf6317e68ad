package dev.muster.federation.member;

/// What an agent is about to do, announced so that it alarms nobody. It holds until it expires;
/// what then is not as announced is a loss like any other.
///
/// @param kind what is about to happen
/// @param untilMs when it expires, Unix time of the agent that announced it; who hears of it counts
///   the rest by a clock of his own
/// @param author who wanted it, for people
public record Intent(Kind kind, long untilMs, String author) {
    /// Longest author.
    public static final int AUTHOR_LIMIT = 253;

    /// What is about to happen. Codes are part of the wire format.
    public enum Kind {
        /// The agent starts anew and is back at once: peers look after its services meanwhile.
        RESTARTING(1),
        /// The host is being emptied: peers look after what is left on it.
        DRAIN(2),
        /// The host is worked on: its services are neither up nor down.
        MAINT(3),
        /// The agent goes for good: quiet, and recorded.
        LEFT(4);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        /// The number that stands for it in frames.
        public int code() {
            return code;
        }

        /// The kind of a code.
        ///
        /// @throws FrameException if none has that code
        public static Kind ofCode(int code) throws FrameException {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new FrameException("intent must have a known code: found=" + code);
        }
    }

    public Intent {
        if (author.length() > AUTHOR_LIMIT) {
            throw new IllegalArgumentException(
                    "author must be at most "
                            + AUTHOR_LIMIT
                            + " characters: length="
                            + author.length());
        }
        if (untilMs < 0) {
            throw new IllegalArgumentException("intent must end: untilMs=" + untilMs);
        }
    }
}
