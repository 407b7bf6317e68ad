package dev.muster.agent.exposition;

import dev.muster.model.sample.MetricType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes text format 0.0.4 into a buffer that is reused and grows.
///
/// Families are written one after the other: [#family], then its samples. A sample is either one
/// call of `sample`, or [#begin], any number of `label`, and [#end]. Names that the format does not
/// take bare are written in quotes. Confined to one thread.
public final class ExpositionWriter {
    private byte[] buffer;
    private int size;
    private boolean labelled;

    public ExpositionWriter() {
        this(16 << 10);
    }

    /// @param capacity bytes of the buffer before it grows
    public ExpositionWriter(int capacity) {
        buffer = new byte[Math.max(capacity, 64)];
    }

    /// Forgets what was written and keeps the buffer.
    public void clear() {
        size = 0;
    }

    /// How many bytes were written.
    public int size() {
        return size;
    }

    /// The buffer, owned by this writer: valid up to [#size()] and until the next call that writes.
    public byte[] bytes() {
        return buffer;
    }

    /// Forgets what was written after the first `size` bytes.
    public void truncate(int size) {
        if (size < 0 || size > this.size) {
            throw new IllegalArgumentException(
                    "size must be within what was written: size="
                            + size
                            + ", written="
                            + this.size);
        }
        this.size = size;
    }

    public void writeTo(OutputStream out) throws IOException {
        out.write(buffer, 0, size);
    }

    /// Appends a line that is already in the format, without its end.
    public void line(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        append(bytes, 0, bytes.length);
        put('\n');
    }

    /// Appends what another writer holds from the byte `from` on: whole families of it.
    public void append(ExpositionWriter other, int from) {
        append(other.buffer, from, other.size - from);
    }

    /// Appends all that another writer holds: whole families of it.
    public void append(ExpositionWriter other) {
        append(other.buffer, 0, other.size);
    }

    /// Starts a family. Types that this format does not know are written as the nearest it does.
    public ExpositionWriter family(String name, MetricType type, String help) {
        if (!help.isEmpty()) {
            ascii("# HELP ");
            name(name, true);
            put(' ');
            escaped(help, false);
            put('\n');
        }
        ascii("# TYPE ");
        name(name, true);
        put(' ');
        ascii(typeText(type));
        put('\n');
        return this;
    }

    /// A sample without labels.
    public ExpositionWriter sample(String name, double value) {
        return begin(name).end(value);
    }

    /// A sample with one label.
    public ExpositionWriter sample(String name, String label, String labelValue, double value) {
        return begin(name).label(label, labelValue).end(value);
    }

    /// A sample with two labels.
    public ExpositionWriter sample(
            String name, String label1, String value1, String label2, String value2, double value) {
        return begin(name).label(label1, value1).label(label2, value2).end(value);
    }

    /// Starts a sample.
    public ExpositionWriter begin(String name) {
        labelled = false;
        if (isBareName(name, true)) {
            ascii(name);
        } else {
            separate();
            put('"');
            escaped(name, true);
            put('"');
        }
        return this;
    }

    /// A label of the sample that was begun.
    public ExpositionWriter label(String name, String value) {
        labelName(name);
        escaped(value, true);
        put('"');
        return this;
    }

    /// A label whose value is given as bytes in UTF-8, from `start` up to `end`.
    public ExpositionWriter label(String name, byte[] value, int start, int end) {
        labelName(name);
        for (int i = start; i < end; i++) {
            escapedByte(value[i], true);
        }
        put('"');
        return this;
    }

    /// A label whose value is a whole number.
    public ExpositionWriter label(String name, long value) {
        labelName(name);
        whole(value);
        put('"');
        return this;
    }

    /// Ends the sample that was begun.
    public ExpositionWriter end(double value) {
        value(value);
        put('\n');
        return this;
    }

    /// Ends the sample that was begun, with a time of its own.
    public ExpositionWriter end(double value, long timestampMs) {
        value(value);
        put(' ');
        whole(timestampMs);
        put('\n');
        return this;
    }

    private void value(double value) {
        if (labelled) {
            put('}');
        }
        put(' ');
        reserve(NumberText.LENGTH_LIMIT);
        size = NumberText.write(value, buffer, size);
    }

    private static String typeText(MetricType type) {
        return switch (type) {
            case COUNTER -> "counter";
            case GAUGE, INFO, STATE_SET -> "gauge";
            case HISTOGRAM -> "histogram";
            case SUMMARY -> "summary";
            case UNKNOWN, GAUGE_HISTOGRAM -> "untyped";
        };
    }

    private void labelName(String name) {
        separate();
        name(name, false);
        put('=');
        put('"');
    }

    private void separate() {
        put(labelled ? ',' : '{');
        labelled = true;
    }

    private void whole(long value) {
        reserve(NumberText.LENGTH_LIMIT);
        if (value < 0) {
            ascii(Long.toString(value));
        } else {
            size = NumberText.plain(value, NumberText.digitCount(value), buffer, size);
        }
    }

    private void name(String name, boolean colons) {
        if (isBareName(name, colons)) {
            ascii(name);
        } else {
            put('"');
            escaped(name, true);
            put('"');
        }
    }

    private static boolean isBareName(String name, boolean colons) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
            boolean later = (c >= '0' && c <= '9' && i > 0) || (c == ':' && colons);
            if (!letter && !later) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private void escaped(String text, boolean quotes) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                for (int k = i; k < utf8.length; k++) {
                    escapedByte(utf8[k], quotes);
                }
                return;
            }
            escapedByte((byte) text.charAt(i), quotes);
        }
    }

    private void escapedByte(byte b, boolean quotes) {
        switch (b) {
            case '\\' -> ascii("\\\\");
            case '\n' -> ascii("\\n");
            case '"' -> ascii(quotes ? "\\\"" : "\"");
            default -> put(b);
        }
    }

    private void ascii(String text) {
        reserve(text.length());
        for (int i = 0; i < text.length(); i++) {
            buffer[size + i] = (byte) text.charAt(i);
        }
        size += text.length();
    }

    private void append(byte[] source, int offset, int length) {
        reserve(length);
        System.arraycopy(source, offset, buffer, size, length);
        size += length;
    }

    private void put(int b) {
        reserve(1);
        buffer[size++] = (byte) b;
    }

    private void reserve(int more) {
        int needed = Math.addExact(size, more);
        if (needed > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(needed, Math.multiplyExact(2, buffer.length)));
        }
    }
}
