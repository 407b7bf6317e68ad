package dev.muster.agent.takeover;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Names of hosts as names of directories, and back: letters, digits, dots inside and dashes stay,
/// every other byte of UTF-8 is `%` and two hex digits.
final class HostText {
    private HostText() {}

    static String escaped(String host) {
        StringBuilder text = new StringBuilder(host.length());
        for (byte next : host.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (next & 0xFF);
            boolean plain =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || c == '-'
                            || (c == '.' && !text.isEmpty());
            if (plain) {
                text.append(c);
            } else {
                text.append('%').append(HexFormat.of().toHexDigits(next));
            }
        }
        return text.toString();
    }

    /// The host of a directory; empty if it is none of ours.
    static String of(String directory) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < directory.length(); i++) {
            char c = directory.charAt(i);
            if (c == '%' && i + 2 < directory.length()) {
                try {
                    bytes.write(HexFormat.fromHexDigits(directory, i + 1, i + 3));
                } catch (IllegalArgumentException e) {
                    return "";
                }
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        String host = bytes.toString(StandardCharsets.UTF_8);
        return escaped(host).equals(directory) ? host : "";
    }
}
