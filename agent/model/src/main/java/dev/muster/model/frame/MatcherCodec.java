package dev.muster.model.frame;

import dev.muster.model.labels.InvalidPatternException;
import dev.muster.model.labels.LabelMatcher;
import java.util.ArrayList;
import java.util.List;

/// Label matchers as bytes. Drawn in `docs/format/frames.md`. Stateless.
final class MatcherCodec {
    private static final int MATCHERS_LIMIT = 1_000;

    private MatcherCodec() {}

    static void encode(List<LabelMatcher> matchers, ByteSink out) {
        out.writeVarint(matchers.size());
        for (LabelMatcher matcher : matchers) {
            switch (matcher) {
                case LabelMatcher.Equal(String name, String value) -> write(out, 0, name, value);
                case LabelMatcher.NotEqual(String name, String value) -> write(out, 1, name, value);
                case LabelMatcher.Regex(String name, var pattern) ->
                        write(out, 2, name, pattern.text());
                case LabelMatcher.NotRegex(String name, var pattern) ->
                        write(out, 3, name, pattern.text());
            }
        }
    }

    /// @throws InvalidPatternException if a regular expression is none
    static List<LabelMatcher> decode(ByteSource in) throws FrameFormatException {
        int count = in.readCount("number of matchers", MATCHERS_LIMIT);
        List<LabelMatcher> matchers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            matchers.add(read(in));
        }
        return matchers;
    }

    private static void write(ByteSink out, int kind, String name, String operand) {
        out.writeByte(kind);
        out.writeString(name);
        out.writeString(operand);
    }

    private static LabelMatcher read(ByteSource in) throws FrameFormatException {
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
}
