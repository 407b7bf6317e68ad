package dev.muster.query.template;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A span of time as templates have it. `toString` is Go's text of it, such as `1h0m2.5s`.
public record GoDuration(Duration span) implements Methods {
    @Override
    public @Nullable Object value() {
        return null;
    }

    @Override
    public String type() {
        return "time.Duration";
    }

    /// In seconds.
    double seconds() {
        return span.toNanos() / 1e9;
    }

    @Override
    public Optional<TemplateFunction> method(String name) {
        return switch (name) {
            case "Seconds" -> plain(seconds());
            case "Minutes" -> plain(seconds() / 60);
            case "Hours" -> plain(seconds() / 3600);
            case "Milliseconds" -> plain(span.toMillis());
            case "String" -> plain(toString());
            default -> Optional.empty();
        };
    }

    private static Optional<TemplateFunction> plain(Object value) {
        return Optional.of(TemplateFunction.of(List.of(), _ -> value));
    }

    @Override
    public String toString() {
        long nanos = span.toNanos();
        long size = Math.abs(nanos);
        String sign = nanos < 0 ? "-" : "";
        if (size == 0) {
            return "0s";
        }
        if (size < 1_000) {
            return sign + size + "ns";
        }
        if (size < 1_000_000) {
            return sign + decimal(size, 3) + "µs";
        }
        if (size < 1_000_000_000) {
            return sign + decimal(size, 6) + "ms";
        }
        long minutes = size / 60_000_000_000L;
        String rest = decimal(size % 60_000_000_000L, 9) + "s";
        if (minutes == 0) {
            return sign + rest;
        }
        String hours = minutes >= 60 ? minutes / 60 + "h" : "";
        return sign + hours + minutes % 60 + "m" + rest;
    }

    private static String decimal(long units, int places) {
        BigDecimal number = BigDecimal.valueOf(units, places).stripTrailingZeros();
        return number.toPlainString();
    }
}
