package dev.muster.agent.services.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A set of ports, written as `8080`, `1024-65535` or several of these with commas between.
///
/// @param ranges first and last of each
public record Ports(List<Range> ranges) {
    /// Those that need no privilege.
    public static final Ports UNPRIVILEGED = new Ports(List.of(new Range(1_024, 65_535)));

    /// @param first 1 to 65535
    /// @param last at least `first`
    public record Range(int first, int last) {
        public Range {
            if (first < 1 || last > 65_535 || first > last) {
                throw new IllegalArgumentException(
                        "range of ports must be ascending and within 1 to 65535: first="
                                + first
                                + ", last="
                                + last);
            }
        }
    }

    public Ports {
        ranges = List.copyOf(ranges);
    }

    /// Empty if `text` is no set of ports.
    public static Optional<Ports> parse(String text) {
        List<Range> ranges = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String[] ends = part.strip().split("-", -1);
            int first = Procfs.number(ends[0].strip());
            int last = Procfs.number(ends[ends.length - 1].strip());
            if (ends.length > 2 || first < 1 || last > 65_535 || first > last) {
                return Optional.empty();
            }
            ranges.add(new Range(first, last));
        }
        return Optional.of(new Ports(ranges));
    }

    boolean has(int port) {
        for (Range range : ranges) {
            if (port >= range.first && port <= range.last) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Range range : ranges) {
            text.append(text.isEmpty() ? "" : ",").append(range.first);
            if (range.last > range.first) {
                text.append('-').append(range.last);
            }
        }
        return text.toString();
    }
}
