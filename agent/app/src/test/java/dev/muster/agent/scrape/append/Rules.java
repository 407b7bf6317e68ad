package dev.muster.agent.scrape.append;

import dev.muster.agent.scrape.relabel.RelabelAction;
import dev.muster.agent.scrape.relabel.RelabelPattern;
import dev.muster.agent.scrape.relabel.RelabelRule;
import java.util.List;

/// Relabel rules for tests.
final class Rules {
    private Rules() {}

    static RelabelRule drop(String label, String regex) {
        return new RelabelRule(
                RelabelAction.DROP, List.of(label), ";", RelabelPattern.of(regex), 0, "", "$1");
    }
}
