package dev.muster.query;

import dev.muster.query.load.GateConfig;
import dev.muster.query.load.LoadConfig;
import dev.muster.query.load.Priority;
import dev.muster.query.load.TextLimits;
import io.quarkus.runtime.configuration.MemorySize;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/// The settings of what queries may take together.
final class LoadSettings {
    private LoadSettings() {}

    /// @throws IllegalArgumentException if a value is wrong
    static LoadConfig of(QueryConfig.Query query) {
        return new LoadConfig(
                gate(query),
                query.maxNodeMemory()
                        .map(MemorySize::asLongValue)
                        .orElse(Runtime.getRuntime().maxMemory() / 2),
                query.slowThreshold(),
                query.activeFile().map(Path::of),
                query.topQueries(),
                query.topWindow(),
                new TextLimits(
                        query.maxQueryLength(),
                        query.maxMatchers(),
                        query.maxRegexSize(),
                        query.maxResultPoints()),
                query.parsedQueries());
    }

    private static GateConfig gate(QueryConfig.Query query) {
        Map<Priority, GateConfig.Share> classes = new EnumMap<>(Priority.class);
        for (Priority priority : Priority.ALL) {
            QueryConfig.Share set =
                    switch (priority) {
                        case RULES -> query.rules();
                        case DASHBOARD -> query.dashboards();
                        case AD_HOC -> query.adHoc();
                    };
            GateConfig.Share otherwise =
                    GateConfig.defaultShare(priority, query.maxConcurrent(), query.maxWaiting());
            classes.put(
                    priority,
                    new GateConfig.Share(
                            set.maxConcurrent().orElse(otherwise.maxConcurrent()),
                            set.maxWaiting().orElse(otherwise.maxWaiting()),
                            set.weight().orElse(otherwise.weight())));
        }
        return new GateConfig(query.maxConcurrent(), classes);
    }
}
