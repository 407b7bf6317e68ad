package dev.muster.model.frame;

import dev.muster.model.labels.InvalidPatternException;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.time.TimeRange;

/// A [SelectRequest] as bytes, as a query node sends it to an agent. Drawn in
/// `docs/format/frames.md`. Stateless.
public final class SelectRequestCodec {
    /// A request larger than this is refused unread.
    public static final int SIZE_LIMIT_BYTES = 1 << 20;

    private static final int MAGIC = 0x3152534d; // "MSR1"
    private static final int SAMPLES = 1;

    private SelectRequestCodec() {}

    /// The budget stays behind: it is charged where the answer is read.
    public static byte[] encode(SelectRequest request) {
        ByteSink out = Sealed.open(MAGIC);
        out.writeByte(request.samples() ? SAMPLES : 0);
        out.writeLong(request.range().startMs());
        out.writeLong(request.range().endMs());
        MatcherCodec.encode(request.matchers(), out);
        return Sealed.close(out);
    }

    /// @param budget what the reading side may spend
    /// @throws FrameFormatException if these are not the bytes of a request
    public static SelectRequest decode(byte[] bytes, ReadBudget budget)
            throws FrameFormatException {
        return decodeBody(Sealed.content("select request", MAGIC, SIZE_LIMIT_BYTES, bytes), budget);
    }

    private static SelectRequest decodeBody(ByteSource in, ReadBudget budget)
            throws FrameFormatException {
        int flags = in.readByte();
        long startMs = in.readLong();
        long endMs = in.readLong();
        try {
            return new SelectRequest(
                    new TimeRange(startMs, endMs),
                    MatcherCodec.decode(in),
                    (flags & SAMPLES) != 0,
                    budget);
        } catch (InvalidPatternException e) {
            throw new FrameFormatException("select request: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new FrameFormatException(
                    "select request: range must not be empty: startMs="
                            + startMs
                            + ", endMs="
                            + endMs);
        }
    }
}
