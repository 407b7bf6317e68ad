package dev.muster.agent.exposition;

/// Reads `google.protobuf.Timestamp`.
final class ProtobufTime {
    private static final long LIMIT_SECONDS = Long.MAX_VALUE / 1_000 - 1;

    private ProtobufTime() {}

    /// Unix milliseconds; times before 1970 and beyond any count are 0, which is not known.
    static long millis(WireReader in, byte[] body, int from, int to) throws ExpositionException {
        long seconds = 0;
        long nanos = 0;
        in.reset(body, from, to);
        while (in.next()) {
            switch (in.field) {
                case 1 -> seconds = in.number();
                case 2 -> nanos = (int) in.number();
                default -> in.skip();
            }
        }
        if (seconds < 0 || seconds > LIMIT_SECONDS || nanos < 0 || nanos > 999_999_999) {
            return 0;
        }
        return 1_000 * seconds + nanos / 1_000_000;
    }
}
