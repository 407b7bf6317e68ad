package dev.muster.query.template;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a template speaks of as dot: named fields, and no others.
///
/// @param type its name in messages
public record Fields(String type, Map<String, @Nullable Object> values) {
    public Fields {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
}
