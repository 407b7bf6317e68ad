package dev.muster.query.cluster;

import dev.muster.federation.cluster.ClusterView;
import dev.muster.federation.cluster.Node;
import dev.muster.federation.cluster.Share;
import dev.muster.model.frame.FrameFormatException;
import dev.muster.model.merge.ForeignSeriesException;
import dev.muster.model.merge.Together;
import dev.muster.model.series.ReadBudget;
import dev.muster.promql.part.Part;
import dev.muster.promql.part.PartException;
import dev.muster.promql.part.PartQuery;
import dev.muster.promql.part.PartReader;
import dev.muster.promql.part.PartSink;
import dev.muster.promql.part.PartWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/// Gets the answers for shares: from their owner, here if this node is it; when the owner is lost,
/// from the nodes that come next, each for what is its; and at last here. Thread-safe.
public final class ShareAsker {
    private static final System.Logger LOG = System.getLogger(ShareAsker.class.getName());

    private final Supplier<ClusterView> view;
    private final ShareClient client;
    private final ShareServer server;
    private final ShareLimits limits;
    private final ClusterMetrics metrics;
    private final Indivisible indivisible = new Indivisible();

    /// @param server evaluates what is to be evaluated here
    /// @param limits of this node's queries
    public ShareAsker(
            Supplier<ClusterView> view,
            ShareClient client,
            ShareServer server,
            ShareLimits limits,
            ClusterMetrics metrics) {
        this.view = view;
        this.client = client;
        this.server = server;
        this.limits = limits;
        this.metrics = metrics;
    }

    Indivisible indivisible() {
        return indivisible;
    }

    /// @param nodes those that the share is of
    Part part(Share share, List<Node> nodes) {
        return new SharePart(share, nodes);
    }

    private final class SharePart implements Part {
        private final Share share;
        private final List<Node> nodes;

        SharePart(Share share, List<Node> nodes) {
            this.share = share;
            this.nodes = nodes;
        }

        @Override
        public String name() {
            return "query node " + share.owner();
        }

        @Override
        public void ask(PartQuery query, PartSink sink, ReadBudget budget) throws IOException {
            long deadlineNanos = System.nanoTime() + query.timeout().toNanos();
            try {
                if (isSelf(share)) {
                    server.evaluate(share, query, sink, left(budget), budget);
                    return;
                }
                Optional<HeldAnswer> answer = answer(share, query, budget);
                if (answer.isEmpty()) {
                    askOthers(left(query, deadlineNanos), sink, budget);
                } else {
                    read(answer.get(), query, sink, budget);
                }
            } catch (ForeignSeriesException e) {
                indivisible.add(query.expr());
                metrics.abandoned("foreign-series");
                throw e;
            } catch (LargeAnswerException e) {
                indivisible.add(query.expr());
                metrics.abandoned("large-answer");
                throw e;
            } catch (FrameFormatException e) {
                metrics.abandoned("damaged");
                throw e;
            }
        }

        /// Divides the share among those who come next. Their answers are held until all are whole,
        /// as the sink takes one at a time.
        private void askOthers(PartQuery query, PartSink sink, ReadBudget budget)
                throws IOException {
            List<Together.Task<HeldAnswer>> tasks =
                    share.divided().stream()
                            .<Together.Task<HeldAnswer>>map(
                                    next -> () -> nextOrHere(next, query, budget))
                            .toList();
            for (HeldAnswer answer : Together.run(tasks, budget)) {
                read(answer, query, sink, budget);
            }
        }

        private void read(HeldAnswer answer, PartQuery query, PartSink sink, ReadBudget budget)
                throws IOException {
            try (answer) {
                PartReader.read(answer.stream(), query, sink, budget);
            }
        }

        private HeldAnswer nextOrHere(Share next, PartQuery query, ReadBudget budget)
                throws IOException {
            if (!isSelf(next)) {
                Optional<HeldAnswer> answer = answer(next, query, budget);
                if (answer.isPresent()) {
                    return answer.get();
                }
            }
            metrics.evaluatedHere();
            var held = new ByteArrayOutputStream();
            var writer = new PartWriter(held);
            server.evaluate(next, query, writer, left(budget), budget);
            writer.end();
            budget.chargeMemory(held.size());
            return HeldAnswer.of(held.toByteArray(), budget);
        }

        /// Empty if the node is lost.
        private Optional<HeldAnswer> answer(Share asked, PartQuery query, ReadBudget budget)
                throws IOException {
            Node node = node(asked.owner());
            long startNanos = System.nanoTime();
            String outcome = "failed";
            try {
                HeldAnswer answer =
                        client.ask(
                                node,
                                new ShareRequest(asked, left(budget), query),
                                budget,
                                () -> isPresent(node));
                outcome = "answered";
                return Optional.of(answer);
            } catch (NodeLostException e) {
                budget.check();
                outcome = "lost";
                metrics.retried(e.reason().name().toLowerCase(Locale.ROOT));
                LOG.log(
                        System.Logger.Level.WARNING,
                        () -> "share is asked elsewhere: " + e.getMessage());
                return Optional.empty();
            } finally {
                metrics.asked(outcome, System.nanoTime() - startNanos);
            }
        }

        private Node node(String name) {
            return nodes.stream()
                    .filter(node -> node.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /// What the query has left now: shares that were answered before have had the rest.
    private ShareLimits left(ReadBudget budget) {
        return limits.within(budget.allowance());
    }

    private boolean isSelf(Share share) {
        return share.owner().equals(view.get().self());
    }

    /// Is the same run of that node still there?
    private boolean isPresent(Node asked) {
        return view.get().nodes().stream()
                .anyMatch(node ->
                        node.name().equals(asked.name())
                                && node.incarnation() == asked.incarnation());
    }

    private static PartQuery left(PartQuery query, long deadlineNanos) throws PartException {
        Duration left = Duration.ofNanos(deadlineNanos - System.nanoTime());
        if (left.toMillis() <= 0) {
            throw new PartException(
                    PartException.Kind.TIMEOUT, "query timed out while a query node was asked");
        }
        return new PartQuery(
                query.expr(),
                query.steps(),
                query.lookback(),
                query.subqueryStep(),
                query.instant(),
                left);
    }
}
