package dev.muster.agent.scrape.fetch;

import dev.muster.agent.exposition.ExpositionFormat;
import dev.muster.agent.exposition.ExpositionWriter;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/// What this process itself tells, such as its host exporter, as a source: no HTTP, no copy.
public final class HostSource implements BodySource {
    private final Consumer<ExpositionWriter> exporter;
    private final Executor executor;
    private final ExpositionWriter writer = new ExpositionWriter();

    /// @param exporter writes the body
    /// @param executor runs one task at a time
    public HostSource(Consumer<ExpositionWriter> exporter, Executor executor) {
        this.exporter = exporter;
        this.executor = executor;
    }

    @Override
    public void fetch(Consumer<FetchResult> done) {
        try {
            executor.execute(() -> done.accept(collect()));
        } catch (RejectedExecutionException e) {
            done.accept(
                    new FetchResult.Failed(
                            FetchFault.STOPPING, "the agent is stopping", Optional.empty()));
        }
    }

    private FetchResult collect() {
        writer.clear();
        try {
            exporter.accept(writer);
        } catch (RuntimeException e) {
            return new FetchResult.Failed(
                    FetchFault.HOST_EXPORTER, "host exporter failed: " + e, Optional.empty());
        }
        return new FetchResult.Written(ExpositionFormat.PROMETHEUS_TEXT, writer);
    }
}
