package dev.muster.query.rules.live;

import dev.muster.promql.QueryException;
import dev.muster.query.rules.RuleQuery;
import dev.muster.query.rules.RuleSample;
import java.io.IOException;
import java.util.List;

/// The queries of one group at one time. Confined to the thread that evaluates the group.
final class GroupQuery implements RuleQuery {
    private final NodeQuery node;
    private final String group;
    private double share = 1;

    GroupQuery(NodeQuery node, String group) {
        this.node = node;
        this.group = group;
    }

    /// The answers of the next evaluation stand on the data of this share of the hosts.
    void standOn(double shareOfHosts) {
        share = shareOfHosts;
    }

    @Override
    public List<RuleSample> at(String expr, long timeMs) throws QueryException, IOException {
        return node.answer(group, expr, timeMs).samples();
    }

    @Override
    public Answer answer(String expr, long timeMs) throws QueryException, IOException {
        Answer answer = node.answer(group, expr, timeMs);
        return new Answer(answer.samples(), Math.min(share, answer.completeness()));
    }
}
