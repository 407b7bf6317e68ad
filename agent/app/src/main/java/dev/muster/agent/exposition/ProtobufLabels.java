package dev.muster.agent.exposition;

import dev.muster.model.labels.Labels;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/// Makes labels of `LabelPair` messages: the slow path. Reused; owned by a [ProtobufReader].
final class ProtobufLabels {
    private static final int NAME = 1;
    private static final int VALUE = 2;

    private final ExpositionLimits limits;
    private final WireReader in = new WireReader();
    private final Set<String> names = new HashSet<>();
    private Labels.Builder labels = Labels.builder();

    ProtobufLabels(ExpositionLimits limits) {
        this.limits = limits;
    }

    void start() {
        names.clear();
        labels = Labels.builder();
    }

    /// Adds the label in a range of bytes; errors tell places in them.
    void add(byte[] bytes, int from, int to) throws ExpositionException {
        String name = "";
        String value = "";
        in.reset(bytes, from, to);
        while (in.next()) {
            switch (in.field) {
                case NAME -> name = text(bytes, "label name", limits.nameLength());
                case VALUE -> value = text(bytes, "label value", limits.valueLength());
                default -> in.skip();
            }
        }
        if (name.isEmpty()) {
            throw new ExpositionException(from, "label name must not be empty", "");
        }
        add(name, value, from);
    }

    /// @param at place for an error
    void add(String name, String value, int at) throws ExpositionException {
        if (!names.add(name)) {
            throw new ExpositionException(
                    at,
                    "label name must be unique within a sample: found=" + name,
                    "expose each label once; __name__ stands for the metric name");
        }
        labels.set(name, value);
    }

    Labels build() {
        return labels.build();
    }

    private String text(byte[] bytes, String what, int limit) throws ExpositionException {
        in.content();
        int length = in.stop - in.start;
        if (length > limit) {
            throw new ExpositionException(
                    in.start,
                    what + " length must be within its limit: limit=" + limit + ", found=" + length,
                    "the limit protects the agent; expose less in one place");
        }
        int invalid = Utf8.firstInvalid(bytes, in.start, in.stop);
        if (invalid < in.stop) {
            throw new ExpositionException(
                    invalid, what + " must be UTF-8", "encode texts as UTF-8; look for Latin-1");
        }
        return new String(bytes, in.start, length, StandardCharsets.UTF_8);
    }
}
