package dev.muster.query.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A function that templates may call.
///
/// @param parameters what it takes, in order
/// @param more what follows those, any number of them; null if nothing may
/// @param body computes the value
public record TemplateFunction(List<Kind> parameters, @Nullable Kind more, Body body) {
    public TemplateFunction {
        parameters = List.copyOf(parameters);
    }

    /// What a parameter may be.
    public enum Kind {
        ANY("interface {}"),
        TEXT("string"),
        SAMPLE("*template.sample"),
        VECTOR("template.queryResult"),
        LIST("[]string"),
        TIME("time.Time");

        private final String goName;

        Kind(String goName) {
            this.goName = goName;
        }

        String goName() {
            return goName;
        }

        boolean accepts(@Nullable Object value) {
            return switch (this) {
                case ANY -> true;
                case TEXT -> value instanceof String || value instanceof SafeText;
                case SAMPLE -> value instanceof QuerySample;
                case VECTOR, LIST -> value instanceof List;
                case TIME -> value instanceof GoTime;
            };
        }
    }

    /// Computes a value of arguments of the right kinds.
    @FunctionalInterface
    public interface Body {
        @Nullable Object call(List<@Nullable Object> arguments) throws TemplateException;
    }

    /// A function of a fixed number of parameters.
    public static TemplateFunction of(List<Kind> parameters, Body body) {
        return new TemplateFunction(parameters, null, body);
    }
}
