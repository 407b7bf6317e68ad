package dev.muster.agent.push;

import dev.muster.model.labels.Labels;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Reads the grouping key from the path of a push: `/metrics/job/JOB` and any number of
/// `/LABEL/VALUE`, where `@base64` behind a name says how its value is written.
public final class GroupPath {
    /*
     * The path is cut at its slashes before it is decoded, so that %2F is a slash within a value.
     * Both alphabets of base64 are taken, with padding, without it, and with too much of it; an
     * empty value may be written as "=". The job that stands first is the job, whatever a label says;
     * of a label that stands there twice the last counts.
     */
    static final String BASE64 = "@base64";

    /// Longest path that is looked at.
    static final int LENGTH_LIMIT = 16 << 10;

    private static final int LABELS_LIMIT = 64;
    private static final String METRICS = "/metrics/";

    private GroupPath() {}

    /// @param path of the request, as it came
    /// @throws PushException if it is no grouping key
    public static GroupKey parse(String path) throws PushException {
        if (path.length() > LENGTH_LIMIT) {
            throw refuse("path must have at most " + LENGTH_LIMIT + " bytes", "" + path.length());
        }
        if (!path.startsWith(METRICS)) {
            throw refuse("path must begin with /metrics/job", path);
        }
        String[] parts = path.substring(METRICS.length()).split("/", -1);
        for (int i = 0; i < parts.length; i += 2) {
            parts[i] = new String(percentDecoded(parts[i]), StandardCharsets.UTF_8);
        }
        String job = parts.length < 2 ? "" : value(parts[0], GroupKey.JOB, parts[1]);
        if (!name(parts[0]).equals(GroupKey.JOB)) {
            throw refuse("path must begin with /metrics/job", path);
        }
        if (job.isEmpty()) {
            throw refuse("job name is required", path);
        }
        int end = parts.length == 3 && parts[2].isEmpty() ? 2 : parts.length;
        if (end % 2 != 0) {
            throw refuse("labels must be pairs of name and value: odd number of components", path);
        }
        if (end / 2 > LABELS_LIMIT) {
            throw refuse("group must have at most " + LABELS_LIMIT + " labels", "" + end / 2);
        }
        Labels.Builder labels = Labels.builder();
        for (int i = 2; i < end; i += 2) {
            String name = name(parts[i]);
            requireLabelName(name);
            labels.set(name, value(parts[i], name, parts[i + 1]));
        }
        return new GroupKey(labels.set(GroupKey.JOB, job).build());
    }

    private static String name(String part) {
        return part.endsWith(BASE64) ? part.substring(0, part.length() - BASE64.length()) : part;
    }

    private static void requireLabelName(String name) throws PushException {
        boolean right = !name.isEmpty() && !name.startsWith("__");
        for (int i = 0; right && i < name.length(); i++) {
            char c = name.charAt(i);
            right =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || c == '_'
                            || (c >= '0' && c <= '9' && i > 0);
        }
        if (!right) {
            throw refuse(
                    "label name must be letters, digits and underscores, without a digit or two"
                            + " underscores at its start",
                    name);
        }
    }

    private static String value(String part, String name, String text) throws PushException {
        byte[] decoded = percentDecoded(text);
        if (part.endsWith(BASE64)) {
            decoded = base64(name, new String(decoded, StandardCharsets.ISO_8859_1));
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(decoded)).toString();
        } catch (CharacterCodingException e) {
            throw refuse("value of a label must be UTF-8: name=" + name, text);
        }
    }

    private static byte[] base64(String name, String text) throws PushException {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '=') {
            end--;
        }
        String unpadded = text.substring(0, end).replace('+', '-').replace('/', '_');
        try {
            return Base64.getUrlDecoder().decode(unpadded);
        } catch (IllegalArgumentException e) {
            throw refuse("invalid base64 encoding of a label: name=" + name, text);
        }
    }

    private static byte[] percentDecoded(String text) throws PushException {
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(raw.length);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] != '%') {
                out.put(raw[i]);
                continue;
            }
            int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
            int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw refuse("percent sign must be followed by two hexadecimal digits", text);
            }
            out.put((byte) ((high << 4) | low));
            i += 2;
        }
        byte[] decoded = new byte[out.position()];
        out.flip().get(decoded);
        return decoded;
    }

    private static PushException refuse(String rule, @Nullable String found) {
        String shown = String.valueOf(found);
        return new PushException(
                PushFault.PATH,
                rule
                        + ": found="
                        + (shown.length() <= 200 ? shown : shown.substring(0, 200) + "…"));
    }
}
