package dev.muster.query.cluster;

import dev.muster.federation.cluster.Node;
import dev.muster.federation.cluster.NodeState;
import dev.muster.federation.cluster.Share;
import dev.muster.federation.cluster.ShareFilter;
import dev.muster.model.frame.FrameFormatException;
import dev.muster.model.merge.ForeignSeriesException;
import dev.muster.model.merge.OwnedSource;
import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SeriesSource;
import dev.muster.promql.QueryException;
import dev.muster.promql.part.PartException;
import dev.muster.promql.part.PartQuery;
import dev.muster.promql.part.PartSink;
import dev.muster.promql.part.PartWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Answers for shares: what this node is told to answer, not what it thinks it owns. Thread-safe.
public final class ShareServer {
    /// Most bytes of a request.
    public static final int REQUEST_LIMIT_BYTES = ShareRequest.SIZE_LIMIT_BYTES;

    private final Supplier<Node> self;
    private final ClusterSeal seal;
    private final ShareSources sources;
    private final PartEvaluator evaluator;
    private final Semaphore places;
    private final ClusterMetrics metrics;

    /// @param self this node, as it speaks of itself
    /// @param places how many shares are answered at one time. Not those of calls: who answers for
    ///   a share waits for no other node, so nodes cannot wait for each other in a circle
    public ShareServer(
            Supplier<Node> self,
            ClusterSeal seal,
            ShareSources sources,
            PartEvaluator evaluator,
            int places,
            ClusterMetrics metrics) {
        this.self = self;
        this.seal = seal;
        this.sources = sources;
        this.evaluator = evaluator;
        this.places = new Semaphore(places);
        this.metrics = metrics;
    }

    /// Answers on the caller's thread.
    ///
    /// @param header as the asking node has sent it; null if it has not
    /// @param out takes the answer; what is thrown after something went into it leaves it cut
    /// @param budget asked whether the asking node still waits
    /// @throws RefusedException if there is no answer
    /// @throws IOException if the asking node has left
    public void answer(byte[] body, @Nullable String header, OutputStream out, ReadBudget budget)
            throws RefusedException, IOException {
        if (!seal.holds(header, body)) {
            metrics.refused("secret");
            throw new RefusedException(401, "request must be sealed with the cluster's secret");
        }
        ShareRequest request = request(body);
        Node node = self.get();
        if (request.share().prefix().isEmpty() || !request.share().owner().equals(node.name())) {
            metrics.refused("other-node");
            throw new RefusedException(503, "share is of another node: this=" + node.name());
        }
        if (node.state() == NodeState.STARTING) {
            metrics.refused("starting");
            throw new RefusedException(503, "node has not read the catalog yet");
        }
        if (!places.tryAcquire()) {
            metrics.refused("busy");
            throw new RefusedException(503, "node answers for as many shares as it may");
        }
        try {
            answer(request, out, budget);
        } finally {
            places.release();
        }
    }

    private ShareRequest request(byte[] body) throws RefusedException {
        try {
            return ShareRequest.decode(body);
        } catch (FrameFormatException e) {
            metrics.refused("request");
            throw new RefusedException(400, String.valueOf(e.getMessage()));
        }
    }

    private void answer(ShareRequest request, OutputStream out, ReadBudget budget)
            throws RefusedException, IOException {
        long startNanos = System.nanoTime();
        PartWriter writer = new PartWriter(out);
        String outcome = "failed";
        try {
            evaluate(request.share(), request.query(), writer, request.limits(), budget);
            writer.end();
            outcome = "answered";
        } catch (PartException e) {
            budget.check();
            writer.fail(e.kind(), e.getMessage());
            outcome = "no-answer";
        } catch (ForeignSeriesException e) {
            outcome = "foreign";
            throw new RefusedException(409, String.valueOf(e.getMessage()));
        } catch (BudgetExceededException e) {
            throw new IOException("query was stopped: " + e.getMessage(), e);
        } finally {
            metrics.answered(outcome, System.nanoTime() - startNanos);
        }
    }

    /// Evaluates a part over a share, here.
    ///
    /// @throws PartException if the query has no answer
    void evaluate(
            Share share, PartQuery query, PartSink sink, ShareLimits limits, ReadBudget budget)
            throws IOException {
        ShareFilter filter = share.filter();
        try {
            evaluator.part(own(filter), query, sink, limits, budget);
        } catch (QueryException e) {
            throw new PartException(kind(e.kind()), e.getMessage());
        }
    }

    /// The series of a share, each of which must say that it is of it: agents give every series the
    /// labels `cell` and `host`, but a target may have labels of these names itself, and then two
    /// hosts may have the same series, which must be merged before it is counted.
    private SeriesSource own(ShareFilter filter) {
        return new OwnedSource(
                sources.of(filter),
                labels -> holds(filter, labels.get("cell"), labels.get("host")),
                "series must have the labels cell and host of its agent to be counted by shares:"
                        + " found=");
    }

    private static boolean holds(ShareFilter filter, @Nullable String cell, @Nullable String host) {
        return cell != null && host != null && filter.holds(cell, host);
    }

    private static PartException.Kind kind(QueryException.Kind kind) {
        return switch (kind) {
            case PARSE -> PartException.Kind.PARSE;
            case EXECUTION -> PartException.Kind.EXECUTION;
            case LIMIT -> PartException.Kind.LIMIT;
            case TIMEOUT -> PartException.Kind.TIMEOUT;
            case CANCELLED -> PartException.Kind.CANCELLED;
        };
    }
}
