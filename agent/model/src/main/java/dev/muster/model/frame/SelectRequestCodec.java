package dev.muster.model.frame;

import dev.muster.model.labels.InvalidPatternException;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.time.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// A [SelectRequest] as bytes, as a query node sends it to an agent. Drawn in
/// `docs/format/frames.md`. Stateless.
public final class SelectRequestCodec {
    /// A request larger than this is refused unread.
    public static final int SIZE_LIMIT_BYTES = 1 << 20;

    private static final int MAGIC = 0x3152534d; // "MSR1"
    private static final int MATCHERS_LIMIT = 1_000;
    private static final int SAMPLES = 1;

    private SelectRequestCodec() {}

    /// The budget stays behind: it is charged where the answer is read.
    public static byte[] encode(SelectRequest request) {
        ByteSink out = new ByteSink();
        out.writeInt(MAGIC);
        out.writeByte(request.samples() ? SAMPLES : 0);
        out.writeLong(request.range().startMs());
        out.writeLong(request.range().endMs());
        out.writeVarint(request.matchers().size());
        for (LabelMatcher matcher : request.matchers()) {
            switch (matcher) {
                case LabelMatcher.Equal(String name, String value) ->
                        writeMatcher(out, 0, name, value);
                case LabelMatcher.NotEqual(String name, String value) ->
                        writeMatcher(out, 1, name, value);
                case LabelMatcher.Regex(String name, var pattern) ->
                        writeMatcher(out, 2, name, pattern.text());
                case LabelMatcher.NotRegex(String name, var pattern) ->
                        writeMatcher(out, 3, name, pattern.text());
            }
        }
        out.writeInt(checksum(out.array(), out.size()));
        return out.toByteArray();
    }

    /// @param budget what the reading side may spend
    /// @throws FrameFormatException if these are not the bytes of a request
    public static SelectRequest decode(byte[] bytes, ReadBudget budget)
            throws FrameFormatException {
        if (bytes.length > SIZE_LIMIT_BYTES || bytes.length < 8) {
            throw new FrameFormatException(
                    "select request: size must be 8 to "
                            + SIZE_LIMIT_BYTES
                            + " bytes: found="
                            + bytes.length);
        }
        int bodyEnd = bytes.length - 4;
        int expected = new ByteSource(bytes, bodyEnd, bytes.length).readInt();
        int actual = checksum(bytes, bodyEnd);
        ByteSource in = new ByteSource(bytes, 0, bodyEnd);
        int magic = in.readInt();
        if (magic != MAGIC) {
            throw new FrameFormatException(
                    String.format(
                            "select request: must start with 0x%08x: found=0x%08x", MAGIC, magic));
        }
        if (expected != actual) {
            throw new FrameFormatException(
                    String.format(
                            "select request: checksum must match: expected=0x%08x, actual=0x%08x",
                            expected, actual));
        }
        return decodeBody(in, budget);
    }

    private static SelectRequest decodeBody(ByteSource in, ReadBudget budget)
            throws FrameFormatException {
        int flags = in.readByte();
        long startMs = in.readLong();
        long endMs = in.readLong();
        int count = in.readCount("number of matchers", MATCHERS_LIMIT);
        try {
            List<LabelMatcher> matchers = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                matchers.add(readMatcher(in));
            }
            return new SelectRequest(
                    new TimeRange(startMs, endMs), matchers, (flags & SAMPLES) != 0, budget);
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

    private static void writeMatcher(ByteSink out, int kind, String name, String operand) {
        out.writeByte(kind);
        out.writeString(name);
        out.writeString(operand);
    }

    private static LabelMatcher readMatcher(ByteSource in) throws FrameFormatException {
        int kind = in.readByte();
        String name = in.readString();
        String operand = in.readString();
        return switch (kind) {
            case 0 -> LabelMatcher.equal(name, operand);
            case 1 -> LabelMatcher.notEqual(name, operand);
            case 2 -> LabelMatcher.regex(name, operand);
            case 3 -> LabelMatcher.notRegex(name, operand);
            default ->
                    throw new FrameFormatException(
                            "select request: matcher kind must be 0 to 3: found=" + kind);
        };
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
