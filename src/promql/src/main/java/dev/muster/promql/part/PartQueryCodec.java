package dev.muster.promql.part;

import dev.muster.model.frame.ByteSink;
import dev.muster.model.frame.ByteSource;
import dev.muster.model.frame.FrameFormatException;
import dev.muster.model.frame.Sealed;
import dev.muster.model.time.Steps;
import java.time.Duration;

/// A [PartQuery] as bytes. Drawn in `docs/format/part-frames.md`. Stateless.
public final class PartQueryCodec {
    /// A query larger than this is refused unread.
    public static final int SIZE_LIMIT_BYTES = 1 << 20;

    private static final int MAGIC = 0x3151504d; // "MPQ1"
    private static final int INSTANT = 1;

    private PartQueryCodec() {}

    public static byte[] encode(PartQuery query) {
        ByteSink out = Sealed.open(MAGIC);
        out.writeByte(query.instant() ? INSTANT : 0);
        out.writeLong(query.steps().startMs());
        out.writeLong(query.steps().endMs());
        out.writeLong(query.steps().stepMs());
        out.writeVarint(query.lookback().toMillis());
        out.writeVarint(query.subqueryStep().toMillis());
        out.writeVarint(query.timeout().toMillis());
        out.writeString(query.expr());
        return Sealed.close(out);
    }

    /// @throws FrameFormatException if these are not the bytes of a query
    public static PartQuery decode(byte[] bytes) throws FrameFormatException {
        ByteSource in = Sealed.content("part query", MAGIC, SIZE_LIMIT_BYTES, bytes);
        int flags = in.readByte();
        long startMs = in.readLong();
        long endMs = in.readLong();
        long stepMs = in.readLong();
        try {
            Duration lookback = Duration.ofMillis(in.readVarint());
            Duration subqueryStep = Duration.ofMillis(in.readVarint());
            Duration timeout = Duration.ofMillis(in.readVarint());
            return new PartQuery(
                    in.readString(),
                    new Steps(startMs, endMs, stepMs),
                    lookback,
                    subqueryStep,
                    (flags & INSTANT) != 0,
                    timeout);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new FrameFormatException("part query: " + e.getMessage());
        }
    }
}
