package dev.muster.query.receivers.deliver;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Texts as headers of mails hold them: one line, and encoded words where they are not plain.
final class HeaderText {
    private static final int WORD_BYTES = 45;

    private HeaderText() {}

    /// On one line, so that no value of a label begins a header of its own.
    static String line(String text) {
        return text.replaceAll("[\\r\\n\\x00]+", " ").strip();
    }

    /// RFC 2047.
    static String encoded(String text) {
        String line = line(text);
        if (line.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            return line;
        }
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        int bytes = 0;
        for (int c : line.codePoints().toArray()) {
            int more = Character.toString(c).getBytes(StandardCharsets.UTF_8).length;
            if (bytes + more > WORD_BYTES) {
                words.add(word(word.toString()));
                word.setLength(0);
                bytes = 0;
            }
            word.appendCodePoint(c);
            bytes += more;
        }
        words.add(word(word.toString()));
        return String.join("\r\n ", words);
    }

    private static String word(String text) {
        return "=?UTF-8?B?"
                + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))
                + "?=";
    }
}
