package dev.muster.query.load;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Classes of queries, the most urgent first.
public enum Priority {
    /// Rules: someone is woken up by them.
    RULES,
    /// Dashboards: someone looks at them now, many at a time.
    DASHBOARD,
    /// All others.
    AD_HOC;

    /// All, the most urgent first.
    public static final List<Priority> ALL = List.of(values());

    /// The name in headers, metrics and answers, such as `ad-hoc`.
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The class of that name.
    public static Optional<Priority> of(String text) {
        return Arrays.stream(values()).filter(one -> one.text().equals(text)).findFirst();
    }
}
