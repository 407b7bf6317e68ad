package dev.muster.agent;

import dev.muster.agent.config.AgentPlan;
import dev.muster.agent.takeover.TakenHeads;
import dev.muster.agent.upload.UploadPlan;
import dev.muster.agent.upload.Uploader;
import dev.muster.blocks.bucket.Bucket;
import dev.muster.head.Head;
import dev.muster.head.HeadConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/// Samples of one lost peer: a head of their own, and what ships their blocks.
///
/// @param head holds them
/// @param uploader ships them, if there is a bucket
record TakenStore(Head head, Optional<Uploader> uploader) implements TakenHeads.Opened {
    /// A lost peer has a share of what the agent itself may have.
    private static final int SHARE = 8;

    private static final int SERIES_LIMIT = 100_000;
    private static final long SEGMENT_BYTES = 8L << 20;
    private static final long OPEN_BYTES = 8L << 20;
    private static final int EXEMPLARS_LIMIT = 100;

    /// @param opened hears of each head before anything is appended to it
    static TakenHeads.Opener opener(
            AgentPlan plan, Optional<Bucket> bucket, InstantSource clock, Consumer<Head> opened) {
        return (host, directory) -> {
            TakenStore store = open(plan, bucket, clock, host, directory);
            opened.accept(store.head);
            return store;
        };
    }

    private static TakenStore open(
            AgentPlan plan,
            Optional<Bucket> bucket,
            InstantSource clock,
            String host,
            Path directory)
            throws IOException {
        HeadConfig own = plan.head();
        HeadConfig config =
                HeadConfig.in(directory.resolve("head"))
                        .withWindow(own.window())
                        .withOutOfOrderWindow(own.outOfOrderWindow())
                        .withIdleTimeout(own.idleTimeout())
                        .withSyncInterval(own.syncInterval())
                        .withSeriesLimit(Math.min(own.seriesLimit(), SERIES_LIMIT))
                        .withDiskLimitBytes(Math.max(SEGMENT_BYTES, own.diskLimitBytes() / SHARE))
                        .withWalSegmentBytes(SEGMENT_BYTES)
                        .withOpenBytesLimit(OPEN_BYTES)
                        .withExemplarLimit(EXEMPLARS_LIMIT);
        Head head = Head.open(config, clock);
        try {
            Optional<Uploader> uploader =
                    bucket.isEmpty()
                            ? Optional.empty()
                            : Optional.of(
                                    uploader(plan, bucket.get(), clock, host, directory, head));
            uploader.ifPresent(Uploader::start);
            return new TakenStore(head, uploader);
        } catch (IOException | RuntimeException e) {
            head.close();
            throw e;
        }
    }

    private static Uploader uploader(
            AgentPlan plan,
            Bucket bucket,
            InstantSource clock,
            String host,
            Path directory,
            Head head)
            throws IOException {
        UploadPlan own = plan.upload();
        UploadPlan upload =
                new UploadPlan(
                        own.cell(),
                        host,
                        own.host(),
                        directory.resolve("upload"),
                        own.interval(),
                        own.retain(),
                        own.retryMax());
        return new Uploader(upload, new HeadWindows(head), bucket, clock, new SecureRandom());
    }

    /// Without a bucket samples stay until their disk is needed.
    @Override
    public boolean isEmpty() {
        return uploader.isPresent() && head.stats().windows() == 0;
    }

    @Override
    public long blocksShipped() {
        return uploader.map(Uploader::blocksShipped).orElse(0L);
    }

    @Override
    public long blocksPending() {
        return uploader.map(Uploader::blocksPending).orElse(0L);
    }

    @Override
    public void close() {
        uploader.ifPresent(Uploader::close);
        head.close();
    }
}
