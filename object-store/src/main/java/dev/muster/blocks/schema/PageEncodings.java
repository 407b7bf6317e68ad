package dev.muster.blocks.schema;

import java.util.ArrayList;
import java.util.List;

/// How the values of each page of a samples file are encoded, as its footer says it: Parquet says
/// it of a page in the page alone, whose header has no checksum, and the footer is covered by one.
public final class PageEncodings {
    /// Key of the text.
    public static final String VALUES = "block.value.encodings";

    private PageEncodings() {}

    /// Parquet's name of each encoding and how many pages have it, such as `PLAIN
    /// 3,BYTE_STREAM_SPLIT 61`.
    ///
    /// @param names of the encodings of all pages, in order
    public static String text(List<String> names) {
        StringBuilder text = new StringBuilder();
        for (int start = 0, end; start < names.size(); start = end) {
            end = start + 1;
            while (end < names.size() && names.get(end).equals(names.get(start))) {
                end++;
            }
            text.append(start == 0 ? "" : ",").append(names.get(start)).append(' ');
            text.append(end - start);
        }
        return text.toString();
    }

    /// What [#text] was made of.
    ///
    /// @param pages how many there must be
    /// @throws IllegalArgumentException if it is anything else
    public static List<String> names(String text, int pages) {
        List<String> names = new ArrayList<>();
        for (String run : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            int space = run.indexOf(' ');
            int count = space < 0 ? 0 : Integer.parseInt(run.substring(space + 1));
            if (count < 1 || count > pages - names.size()) {
                throw new IllegalArgumentException(
                        "encodings must be of as many pages as there are: pages=%d, run=%s"
                                .formatted(pages, run));
            }
            for (int i = 0; i < count; i++) {
                names.add(run.substring(0, space));
            }
        }
        if (names.size() != pages) {
            throw new IllegalArgumentException(
                    "encodings must be of as many pages as there are: pages=%d, encodings=%d"
                            .formatted(pages, names.size()));
        }
        return names;
    }
}
