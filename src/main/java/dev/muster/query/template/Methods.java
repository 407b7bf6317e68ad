package dev.muster.query.template;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A value of Go that has methods beside what it holds. Thread-safe.
public interface Methods {
    /// What it holds, as a template sees it without its methods: text, number, list, [Words]…; null
    /// where there is no more to it than `toString` says.
    @Nullable Object value();

    /// Name of its type in Go, for messages.
    String type();

    /// A method of it; empty if it has none of that name.
    Optional<TemplateFunction> method(String name);

    /// What a value holds, its methods aside.
    static @Nullable Object plain(@Nullable Object value) {
        return value instanceof Methods with && with.value() != null ? plain(with.value()) : value;
    }
}
