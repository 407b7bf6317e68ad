package dev.muster.query.cluster;

import dev.muster.federation.cluster.ClusterView;
import dev.muster.federation.cluster.Node;
import dev.muster.federation.cluster.Share;
import dev.muster.model.merge.QuerySource;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import dev.muster.promql.part.Part;
import dev.muster.promql.part.PartPlan;
import dev.muster.promql.part.PartQuery;
import dev.muster.promql.part.PartSelector;
import dev.muster.promql.part.PartSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.function.Supplier;

/// All series, of which large parts of queries are answered by the nodes that own them: every node
/// of the cluster for its share. What is not worth it, what cannot be divided, and everything while
/// this node is alone, is read here as without a cluster. Thread-safe.
public final class ClusterSource implements QuerySource, PartSource {
    private final QuerySource local;
    private final Supplier<ClusterView> view;
    private final Places places;
    private final int minPlaces;
    private final ShareAsker asker;
    private final Indivisible indivisible;
    private final ClusterMetrics metrics;

    /// How much there is to read.
    @FunctionalInterface
    public interface Places {
        /// Blocks and agents that may have samples of the range.
        long in(TimeRange range);
    }

    /// @param local the same series, read here
    /// @param view the cluster as it is now
    /// @param minPlaces as many blocks and agents make a query worth asking others
    public ClusterSource(
            QuerySource local,
            Supplier<ClusterView> view,
            Places places,
            int minPlaces,
            ShareAsker asker,
            ClusterMetrics metrics) {
        this.local = local;
        this.view = view;
        this.places = places;
        this.minPlaces = minPlaces;
        this.asker = asker;
        this.indivisible = asker.indivisible();
        this.metrics = metrics;
    }

    @Override
    public PartPlan plan(PartQuery query, List<PartSelector> selectors, ReadBudget budget)
            throws IOException {
        List<Node> ready = view.get().ready();
        String where = where(query, selectors, ready);
        metrics.planned(where);
        if (!where.equals("cluster")) {
            return local instanceof PartSource parts
                    ? parts.plan(query, selectors, budget)
                    : PartPlan.NONE;
        }
        List<Part> parts = new ArrayList<>();
        for (Share share : Share.all(ready.stream().map(Node::name).toList()).divided()) {
            parts.add(asker.part(share, ready));
        }
        return new PartPlan(Long.MIN_VALUE, parts);
    }

    private String where(PartQuery query, List<PartSelector> selectors, List<Node> ready) {
        if (ready.size() < 2) {
            return "alone";
        }
        if (indivisible.contains(query.expr())) {
            return "indivisible";
        }
        long work = 0;
        for (PartSelector selector : selectors) {
            work += places.in(selector.range());
        }
        return work < minPlaces ? "small" : "cluster";
    }

    @Override
    public SeriesSet select(SelectRequest request) throws IOException {
        return local.select(request);
    }

    @Override
    public Texts names(SelectRequest request) throws IOException {
        return local.names(request);
    }

    @Override
    public Texts values(String name, SelectRequest request) throws IOException {
        return local.values(name, request);
    }

    @Override
    public SortedSet<String> labelNames(SelectRequest request) throws IOException {
        return local.labelNames(request);
    }

    @Override
    public SortedSet<String> labelValues(String name, SelectRequest request) throws IOException {
        return local.labelValues(name, request);
    }
}
