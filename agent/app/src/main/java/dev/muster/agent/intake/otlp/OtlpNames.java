package dev.muster.agent.intake.otlp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Names of metrics, labels and units. Immutable.
///
/// Source: https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/
final class OtlpNames {
    private static final Map<String, String> UNITS =
            Map.ofEntries(
                    Map.entry("d", "days"),
                    Map.entry("h", "hours"),
                    Map.entry("min", "minutes"),
                    Map.entry("s", "seconds"),
                    Map.entry("ms", "milliseconds"),
                    Map.entry("us", "microseconds"),
                    Map.entry("ns", "nanoseconds"),
                    Map.entry("By", "bytes"),
                    Map.entry("KiBy", "kibibytes"),
                    Map.entry("MiBy", "mebibytes"),
                    Map.entry("GiBy", "gibibytes"),
                    Map.entry("TiBy", "tibibytes"),
                    Map.entry("KBy", "kilobytes"),
                    Map.entry("MBy", "megabytes"),
                    Map.entry("GBy", "gigabytes"),
                    Map.entry("TBy", "terabytes"),
                    Map.entry("m", "meters"),
                    Map.entry("V", "volts"),
                    Map.entry("A", "amperes"),
                    Map.entry("J", "joules"),
                    Map.entry("W", "watts"),
                    Map.entry("g", "grams"),
                    Map.entry("Cel", "celsius"),
                    Map.entry("Hz", "hertz"),
                    Map.entry("1", ""),
                    Map.entry("%", "percent"));

    private static final Map<String, String> PER =
            Map.of(
                    "s", "second", "m", "minute", "h", "hour", "d", "day", "w", "week", "mo",
                    "month", "y", "year");

    private final NameStrategy strategy;

    OtlpNames(NameStrategy strategy) {
        this.strategy = strategy;
    }

    /// The name of a metric.
    ///
    /// @param counter is it a sum that only grows?
    String metric(String name, String unit, boolean counter, boolean gauge) {
        boolean ratio = gauge && unit.equals("1");
        if (!strategy.suffixes()) {
            return strategy.escapes() ? plain(name) : name;
        }
        return strategy.escapes()
                ? escaped(name, unit, counter, ratio)
                : suffixed(name, unit, counter, ratio);
    }

    /// The name of an attribute as a label.
    String label(String name) {
        if (!strategy.escapes() || name.isEmpty()) {
            return name;
        }
        StringBuilder label = new StringBuilder(name.length() + 4);
        for (int i = 0; i < name.length(); i = name.offsetByCodePoints(i, 1)) {
            int c = name.codePointAt(i);
            label.append(isPlain(c) ? (char) c : '_');
        }
        char first = label.charAt(0);
        if (first >= '0' && first <= '9') {
            return label.insert(0, "key_").toString();
        }
        boolean underscore = first == '_' && !(label.length() > 1 && label.charAt(1) == '_');
        return underscore ? label.insert(0, "key").toString() : label.toString();
    }

    private static boolean isPlain(int c) {
        return isAlphanumeric(c) || c == '_';
    }

    private static boolean isAlphanumeric(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static String plain(String name) {
        StringBuilder result = new StringBuilder(name.length());
        boolean gap = false;
        for (int i = 0; i < name.length(); i = name.offsetByCodePoints(i, 1)) {
            int c = name.codePointAt(i);
            if (!isPlain(c) && c != ':') {
                gap = result.length() > 0;
                continue;
            }
            if (gap) {
                result.append('_');
                gap = false;
            }
            result.append((char) c);
        }
        return started(result.toString());
    }

    private static String started(String name) {
        return !name.isEmpty() && Character.isDigit(name.charAt(0)) ? "_" + name : name;
    }

    private static String escaped(String name, String unit, boolean counter, boolean ratio) {
        List<String> tokens = tokens(name);
        String main = mainUnit(unit);
        if (!main.isEmpty()) {
            for (String token : tokens(main)) {
                if (!tokens.contains(token)) {
                    tokens.add(token);
                }
            }
        }
        String per = perUnit(unit);
        if (!per.isEmpty() && !tokens.contains(per)) {
            tokens.add("per");
            tokens.addAll(tokens(per));
        }
        if (counter) {
            tokens.removeIf("total"::equals);
            tokens.add("total");
        }
        if (ratio) {
            tokens.removeIf("ratio"::equals);
            tokens.add("ratio");
        }
        return started(String.join("_", tokens));
    }

    private static List<String> tokens(String name) {
        List<String> tokens = new ArrayList<>();
        StringBuilder token = new StringBuilder();
        for (int i = 0; i < name.length(); i = name.offsetByCodePoints(i, 1)) {
            int c = name.codePointAt(i);
            if (isAlphanumeric(c) || c == ':') {
                token.append((char) c);
            } else if (token.length() > 0) {
                tokens.add(token.toString());
                token.setLength(0);
            }
        }
        if (token.length() > 0) {
            tokens.add(token.toString());
        }
        return tokens;
    }

    private static String suffixed(String name, String unit, boolean counter, boolean ratio) {
        String result = name;
        if (counter && result.endsWith("_total")) {
            result = result.substring(0, result.length() - "_total".length());
        }
        String main = mainUnit(unit);
        String per = perUnit(unit);
        String whole = main + (per.isEmpty() ? "" : (main.isEmpty() ? "" : "_") + "per_" + per);
        if (!whole.isEmpty() && !result.endsWith("_" + whole)) {
            result += "_" + whole;
        }
        if (counter) {
            result += "_total";
        }
        return ratio && !result.endsWith("_ratio") ? result + "_ratio" : result;
    }

    /// What Prometheus calls a unit, such as `bytes_per_second`; empty for none.
    static String unit(String unit) {
        String main = mainUnit(unit);
        String per = perUnit(unit);
        return per.isEmpty() ? main : main + "_per_" + per;
    }

    private static String mainUnit(String unit) {
        int slash = unit.indexOf('/');
        return word(slash < 0 ? unit : unit.substring(0, slash), UNITS);
    }

    private static String perUnit(String unit) {
        int slash = unit.indexOf('/');
        return slash < 0 ? "" : word(unit.substring(slash + 1), PER);
    }

    /// Braces hold a remark, no unit.
    private static String word(String text, Map<String, String> words) {
        String unit = text.strip();
        if (unit.indexOf('{') >= 0 || unit.indexOf('}') >= 0) {
            return "";
        }
        String known = words.get(unit);
        return known == null ? String.join("_", tokens(unit)) : known;
    }
}
