package dev.muster.agent.exporter.storage;

import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Sizes as bcache and bcachefs print them for people: `1.1M`, `28.2k`, `512`.
final class HumanSizes {
    private static final String UNITS = "kMGTPEZY";
    private static final Pattern SIZE =
            Pattern.compile("(-?\\d+)(?:\\.(\\d+))?([kMGTPEZY]?)(?:/sec)?");
    private static final double BASE = 1024;

    private HumanSizes() {}

    /// A size of bcache, which prints one digit after the point: hundreds of the next smaller unit.
    static OptionalDouble hundreds(String text) {
        Matcher size = SIZE.matcher(text.strip());
        if (!size.matches()) {
            return OptionalDouble.empty();
        }
        double unit = unit(size.group(3));
        double rest = size.group(2) == null ? 0 : Long.parseLong(size.group(2)) * 100 * unit / BASE;
        return OptionalDouble.of(Long.parseLong(size.group(1)) * unit + rest);
    }

    /// A size of bcachefs: a decimal of the unit, whole bytes.
    static OptionalDouble decimal(String text) {
        Matcher size = SIZE.matcher(text.strip());
        if (!size.matches()) {
            return OptionalDouble.empty();
        }
        String number = size.group(1) + (size.group(2) == null ? "" : "." + size.group(2));
        return OptionalDouble.of(Math.floor(Double.parseDouble(number) * unit(size.group(3))));
    }

    private static double unit(String letter) {
        return letter.isEmpty() ? 1 : Math.pow(BASE, UNITS.indexOf(letter) + 1.0);
    }
}
