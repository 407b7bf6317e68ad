package dev.muster.agent.scrape.relabel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.labels.Labels;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RelabelTraceTest {
    private static final Labels LABELS =
            Labels.of("__address__", "a:80", "__meta_env", "dev", "job", "web");

    private static RelabelRule rule(
            RelabelAction action, String source, String regex, String target, String to) {
        return new RelabelRule(
                action,
                source.isEmpty() ? List.of() : List.of(source),
                ";",
                RelabelPattern.of(regex),
                8,
                target,
                to,
                "p.yml:" + action.ordinal());
    }

    @Test
    void showsOnlyWhatEachRuleChanged() {
        RelabelTrace trace =
                RelabelTrace.of(
                        List.of(
                                rule(RelabelAction.REPLACE, "__meta_env", "(.*)", "env", "$1"),
                                rule(RelabelAction.REPLACE, "__meta_env", "prod", "env", "x"),
                                rule(RelabelAction.LABELDROP, "", "job", "", "")),
                        LABELS);
        assertThat(trace.steps()).hasSize(3);
        assertThat(trace.steps().get(0).changes())
                .containsExactly(new LabelChange("env", "", "dev"));
        assertThat(trace.steps().get(0).looked()).isEqualTo("dev");
        assertThat(trace.steps().get(1).idle()).isTrue();
        assertThat(trace.steps().get(2).changes())
                .containsExactly(new LabelChange("job", "web", ""));
        assertThat(trace.after())
                .hasValue(Labels.of("__address__", "a:80", "__meta_env", "dev", "env", "dev"));
        assertThat(trace.droppedBy()).isEmpty();
    }

    @Test
    void endsWithTheRuleThatDrops() {
        RelabelRule keep = rule(RelabelAction.KEEP, "__meta_env", "prod", "", "");
        RelabelTrace trace =
                RelabelTrace.of(
                        List.of(keep, rule(RelabelAction.REPLACE, "job", "(.*)", "x", "$1")),
                        LABELS);
        assertThat(trace.after()).isEmpty();
        assertThat(trace.droppedBy())
                .hasValueSatisfying(step -> {
                    assertThat(step.index()).isZero();
                    assertThat(step.rule().place())
                            .isEqualTo("p.yml:" + RelabelAction.KEEP.ordinal());
                    assertThat(step.looked()).isEqualTo("dev");
                });
    }

    @Test
    void withoutRulesNothingHappens() {
        RelabelTrace trace = RelabelTrace.of(List.of(), LABELS);
        assertThat(trace.after()).hasValue(LABELS);
        assertThat(trace.steps()).isEmpty();
    }

    @Test
    void rulesThatDifferInTheirPlaceOnlyAreEqual() {
        RelabelRule here = rule(RelabelAction.KEEP, "job", "web", "job", "");
        RelabelRule there =
                new RelabelRule(
                        RelabelAction.KEEP,
                        List.of("job"),
                        ";",
                        RelabelPattern.of("web"),
                        8,
                        "job",
                        "");
        assertThat(here).isEqualTo(there).hasSameHashCodeAs(there);
        assertThat(here.place()).isNotEqualTo(there.place());
    }

    @Test
    void endsWhereApplyingEnds() {
        Random random = new Random(Long.getLong("seed", 42));
        RelabelAction[] actions = RelabelAction.values();
        for (int round = 0; round < 2_000; round++) {
            List<RelabelRule> rules =
                    random.ints(random.nextInt(6), 0, actions.length)
                            .mapToObj(i -> randomRule(actions[i], random))
                            .toList();
            assertThat(RelabelTrace.of(rules, LABELS).after().orElse(null))
                    .as("rules %s", rules)
                    .isEqualTo(RelabelRule.apply(rules, LABELS));
        }
    }

    private static RelabelRule randomRule(RelabelAction action, Random random) {
        List<String> names = List.of("__address__", "__meta_env", "job", "x");
        List<String> patterns = List.of("(.*)", "web|dev", "__.*", "a:(.+)", "x");
        return rule(
                action,
                names.get(random.nextInt(names.size())),
                patterns.get(random.nextInt(patterns.size())),
                names.get(random.nextInt(names.size())),
                "$1");
    }
}
