package dev.muster.query.receivers.deliver;

import java.util.ArrayList;
import java.util.List;

/// Lists of mail addresses.
final class Addresses {
    private Addresses() {}

    /// Those between commas, but for commas in quotes.
    static List<String> of(String text) {
        List<String> all = new ArrayList<>();
        StringBuilder one = new StringBuilder();
        boolean quoted = false;
        for (char c : HeaderText.line(text).toCharArray()) {
            quoted ^= c == '"';
            if (c == ',' && !quoted) {
                add(all, one);
            } else {
                one.append(c);
            }
        }
        add(all, one);
        return all;
    }

    private static void add(List<String> all, StringBuilder one) {
        String address = one.toString().strip();
        one.setLength(0);
        if (!address.isEmpty()) {
            all.add(address);
        }
    }
}
