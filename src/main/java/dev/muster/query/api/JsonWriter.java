package dev.muster.query.api;

import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Writes JSON to a stream as it goes, so that an answer of any size takes a few kilobytes here.
/// Commas come by themselves; that values and names alternate is up to the caller. Confined to one
/// thread.
public final class JsonWriter {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /// Room for a time and a number with what is around them.
    private static final int POINT_BYTES = 16 + 2 * NumberBytes.MOST_BYTES;

    private final OutputStream out;
    private final byte[] buffer = new byte[16 * 1_024];
    private int size;

    /// Is a comma due before the next name or value?
    private boolean comma;

    public JsonWriter(OutputStream out) {
        this.out = out;
    }

    public JsonWriter beginObject() throws IOException {
        return begin('{');
    }

    public JsonWriter endObject() throws IOException {
        return end('}');
    }

    public JsonWriter beginArray() throws IOException {
        return begin('[');
    }

    public JsonWriter endArray() throws IOException {
        return end(']');
    }

    /// The name of the member whose value comes next.
    public JsonWriter name(String name) throws IOException {
        separate();
        quoted(name);
        put(':');
        comma = false;
        return this;
    }

    public JsonWriter value(String text) throws IOException {
        separate();
        quoted(text);
        return this;
    }

    public JsonWriter value(long number) throws IOException {
        separate();
        ascii(Long.toString(number));
        return this;
    }

    public JsonWriter value(boolean truth) throws IOException {
        separate();
        ascii(truth ? "true" : "false");
        return this;
    }

    /// A number as JSON has it; one that is not finite becomes null.
    public JsonWriter number(double number) throws IOException {
        separate();
        ascii(Double.isFinite(number) ? GoNumbers.text(number) : "null");
        return this;
    }

    /// A point as Prometheus writes it: `[seconds,"value"]`.
    public JsonWriter point(long timestampMs, double value) throws IOException {
        return point(timestampMs, value, null);
    }

    /// As that, with texts of times that were made before.
    ///
    /// @param times null for none
    JsonWriter point(long timestampMs, double value, @Nullable TimeTexts times) throws IOException {
        separate();
        if (buffer.length - size < POINT_BYTES) {
            finish();
        }
        buffer[size++] = '[';
        time(timestampMs, times);
        buffer[size++] = ',';
        buffer[size++] = '"';
        int end = NumberBytes.write(value, buffer, size);
        if (end < 0) {
            ascii(GoNumbers.text(value));
        } else {
            size = end;
        }
        put('"');
        put(']');
        return this;
    }

    private void time(long timestampMs, @Nullable TimeTexts times) throws IOException {
        if (timestampMs < 0) {
            ascii(GoNumbers.seconds(timestampMs));
            return;
        }
        int end = times == null ? -1 : times.write(timestampMs, buffer, size);
        size = end < 0 ? NumberBytes.writeSeconds(timestampMs, buffer, size) : end;
    }

    /// A time as Prometheus writes it: seconds with milliseconds.
    public JsonWriter seconds(long timestampMs) throws IOException {
        separate();
        ascii(GoNumbers.seconds(timestampMs));
        return this;
    }

    /// `{"name":"value",…}`
    public JsonWriter labels(Labels labels) throws IOException {
        beginObject();
        for (int i = 0; i < labels.size(); i++) {
            name(labels.name(i)).value(labels.value(i));
        }
        return endObject();
    }

    public JsonWriter strings(Collection<String> texts) throws IOException {
        beginArray();
        for (String text : texts) {
            value(text);
        }
        return endArray();
    }

    /// JSON that was written elsewhere, as one value.
    public JsonWriter json(String json) throws IOException {
        separate();
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        for (byte b : bytes) {
            put(b);
        }
        return this;
    }

    /// Ends a line of an answer that is a value a line.
    JsonWriter endLine() throws IOException {
        put('\n');
        comma = false;
        return this;
    }

    /// Passes on what is still held here; neither flushes nor closes the stream.
    public void finish() throws IOException {
        out.write(buffer, 0, size);
        size = 0;
    }

    private JsonWriter begin(char bracket) throws IOException {
        separate();
        put(bracket);
        comma = false;
        return this;
    }

    private JsonWriter end(char bracket) throws IOException {
        put(bracket);
        comma = true;
        return this;
    }

    private void separate() throws IOException {
        if (comma) {
            put(',');
        }
        comma = true;
    }

    private void quoted(String text) throws IOException {
        put('"');
        for (int i = plain(text); i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c == '"' || c == '\\') {
                escaped(c);
            } else if (c < 0x80) {
                put(c);
            } else {
                i += unicode(text, i);
            }
        }
        put('"');
    }

    /// Copies the text up to the first character that is not written as it is, or all if there is
    /// none, as far as the buffer has room.
    ///
    /// @return how many characters it has copied
    private int plain(String text) throws IOException {
        if (buffer.length - size < text.length()) {
            finish();
        }
        byte[] into = buffer;
        int from = size;
        int length = Math.min(text.length(), into.length - from);
        int i = 0;
        for (; i < length; i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\') {
                break;
            }
            into[from + i] = (byte) c;
        }
        size = from + i;
        return i;
    }

    private void escaped(char c) throws IOException {
        put('\\');
        switch (c) {
            case '"', '\\' -> put(c);
            case '\n' -> put('n');
            case '\r' -> put('r');
            case '\t' -> put('t');
            default -> {
                ascii("u00");
                put(HEX[c >> 4]);
                put(HEX[c & 15]);
            }
        }
    }

    /// Writes the code point at `index`; answers how many more chars than one it took.
    private int unicode(String text, int index) throws IOException {
        int point = text.codePointAt(index);
        if (point >= 0xd800 && point <= 0xdfff) {
            point = 0xfffd;
        }
        if (point < 0x800) {
            put(0xc0 | (point >> 6));
        } else {
            if (point < 0x10000) {
                put(0xe0 | (point >> 12));
            } else {
                put(0xf0 | (point >> 18));
                put(0x80 | ((point >> 12) & 0x3f));
            }
            put(0x80 | ((point >> 6) & 0x3f));
        }
        put(0x80 | (point & 0x3f));
        return point < 0x10000 ? 0 : 1;
    }

    private void ascii(String text) throws IOException {
        for (int i = 0; i < text.length(); i++) {
            put(text.charAt(i));
        }
    }

    private void put(int b) throws IOException {
        if (size == buffer.length) {
            finish();
        }
        buffer[size++] = (byte) b;
    }
}
