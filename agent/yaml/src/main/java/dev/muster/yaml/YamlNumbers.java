package dev.muster.yaml;

import java.util.Locale;
import java.util.Optional;

/// Numbers and truth values as YAML writes them.
final class YamlNumbers {
    private YamlNumbers() {}

    static Optional<Long> whole(String text) {
        try {
            String plain = text.replace("_", "");
            return switch (plain.length() > 2 ? plain.substring(0, 2) : "") {
                case "0x" -> Optional.of(Long.parseLong(plain.substring(2), 16));
                case "0o" -> Optional.of(Long.parseLong(plain.substring(2), 8));
                case "0b" -> Optional.of(Long.parseLong(plain.substring(2), 2));
                default -> Optional.of(Long.parseLong(plain));
            };
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    static Optional<Double> number(String text) {
        switch (text.toLowerCase(Locale.ROOT)) {
            case ".inf", "+.inf" -> {
                return Optional.of(Double.POSITIVE_INFINITY);
            }
            case "-.inf" -> {
                return Optional.of(Double.NEGATIVE_INFINITY);
            }
            case ".nan" -> {
                return Optional.of(Double.NaN);
            }
            default -> {}
        }
        Optional<Long> whole = whole(text);
        if (whole.isPresent()) {
            return whole.map(Long::doubleValue);
        }
        String plain = text.replace("_", "");
        if (!plain.matches("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?")) {
            return Optional.empty();
        }
        return Optional.of(Double.parseDouble(plain));
    }

    static Optional<Boolean> flag(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "y" -> Optional.of(true);
            case "false", "no", "off", "n" -> Optional.of(false);
            default -> Optional.empty();
        };
    }
}
