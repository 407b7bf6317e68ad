package dev.muster.agent.scrape.relabel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.labels.Labels;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelabelRuleTest {
    private static final Labels LABELS =
            Labels.of("__meta_a", "one", "__meta_b", "Two", "job", "web", "path", "/x/y");

    private static RelabelRule rule(
            RelabelAction action, List<String> sources, String regex, String target, String to) {
        return new RelabelRule(action, sources, ";", RelabelPattern.of(regex), 8, target, to);
    }

    private static Labels apply(RelabelRule... rules) {
        return Objects.requireNonNull(RelabelRule.apply(List.of(rules), LABELS));
    }

    private static boolean drops(RelabelRule rule) {
        return RelabelRule.apply(List.of(rule), LABELS) == null;
    }

    @Test
    void replacesWithGroups() {
        assertThat(
                        apply(
                                        rule(
                                                RelabelAction.REPLACE,
                                                List.of("__meta_a", "__meta_b"),
                                                "(.*);(?P<second>T.*)",
                                                "both",
                                                "${second}-$1$$"))
                                .get("both"))
                .isEqualTo("Two-one$");
    }

    @Test
    void leavesLabelsWhereTheRegexDoesNotMatch() {
        assertThat(apply(rule(RelabelAction.REPLACE, List.of("job"), "w", "job", "x")))
                .isEqualTo(LABELS);
    }

    @Test
    void removesALabelByAnEmptyReplacement() {
        assertThat(apply(rule(RelabelAction.REPLACE, List.of("job"), "web", "job", "")).get("job"))
                .isNull();
    }

    @Test
    void writesALabelNamedByAGroup() {
        assertThat(
                        apply(
                                        rule(
                                                RelabelAction.REPLACE,
                                                List.of("__meta_a"),
                                                "(o)(.*)",
                                                "x_$1",
                                                "$2"))
                                .get("x_o"))
                .isEqualTo("ne");
    }

    @Test
    void keepsAndDrops() {
        assertThat(apply(rule(RelabelAction.KEEP, List.of("job"), "web|db", "", "$1")))
                .isEqualTo(LABELS);
        assertThat(drops(rule(RelabelAction.KEEP, List.of("job"), "db", "", "$1"))).isTrue();
        assertThat(drops(rule(RelabelAction.DROP, List.of("job"), "web", "", "$1"))).isTrue();
        assertThat(apply(rule(RelabelAction.DROP, List.of("absent"), "x", "", "$1")))
                .isEqualTo(LABELS);
    }

    @Test
    void keepsAndDropsEqual() {
        assertThat(apply(rule(RelabelAction.KEEPEQUAL, List.of("job"), "(.*)", "job", "$1")))
                .isEqualTo(LABELS);
        assertThat(drops(rule(RelabelAction.KEEPEQUAL, List.of("job"), "(.*)", "path", "$1")))
                .isTrue();
        assertThat(drops(rule(RelabelAction.DROPEQUAL, List.of("job"), "(.*)", "job", "$1")))
                .isTrue();
    }

    /// MD5 of `web` is 2567a5ec9705eb7ac2c984033e06189d.
    @Test
    void hashesAsPrometheusDoes() {
        long expected = Long.remainderUnsigned(0xc2c984033e06189dL, 8);
        assertThat(
                        apply(rule(RelabelAction.HASHMOD, List.of("job"), "(.*)", "shard", "$1"))
                                .get("shard"))
                .isEqualTo(Long.toString(expected));
    }

    @Test
    void mapsLabelNames() {
        Labels mapped = apply(rule(RelabelAction.LABELMAP, List.of(), "__meta_(.*)", "", "m_$1"));
        assertThat(mapped.get("m_a")).isEqualTo("one");
        assertThat(mapped.get("m_b")).isEqualTo("Two");
        assertThat(mapped.get("__meta_a")).isEqualTo("one");
    }

    /// MD5 of the empty text is d41d8cd98f00b204e9800998ecf8427e; a signed remainder would be
    /// negative.
    @Test
    void hashesWhatIsAbsentAndLarge() {
        RelabelRule rule =
                new RelabelRule(
                        RelabelAction.HASHMOD,
                        List.of("absent"),
                        ";",
                        RelabelRule.DEFAULT_REGEX,
                        1_000,
                        "shard",
                        "$1");
        assertThat(apply(rule).get("shard"))
                .isEqualTo(Long.toString(Long.remainderUnsigned(0xe9800998ecf8427eL, 1_000)));
    }

    @Test
    void joinsWithItsSeparatorWhatIsThereAndWhatIsNot() {
        RelabelRule rule =
                new RelabelRule(
                        RelabelAction.REPLACE,
                        List.of("job", "absent", "path"),
                        "@",
                        RelabelRule.DEFAULT_REGEX,
                        0,
                        "all",
                        "$1");
        assertThat(apply(rule).get("all")).isEqualTo("web@@/x/y");
    }

    @Test
    void writesAConstantWithoutSources() {
        assertThat(apply(rule(RelabelAction.REPLACE, List.of(), "(.*)", "env", "prod")).get("env"))
                .isEqualTo("prod");
    }

    @Test
    void takesNamesInUtf8() {
        assertThat(
                        apply(rule(RelabelAction.REPLACE, List.of("job"), "(.*)", "größe.ä", "$1"))
                                .get("größe.ä"))
                .isEqualTo("web");
    }

    @Test
    void leavesLabelsWhoseTargetNameBecomesEmpty() {
        assertThat(apply(rule(RelabelAction.REPLACE, List.of("job"), "web()", "$1", "x")))
                .isEqualTo(LABELS);
    }

    @Test
    void dropsEqualWhereBothAreAbsent() {
        assertThat(drops(rule(RelabelAction.DROPEQUAL, List.of("no"), "(.*)", "nor", "$1")))
                .isTrue();
        assertThat(apply(rule(RelabelAction.KEEPEQUAL, List.of("no"), "(.*)", "nor", "$1")))
                .isEqualTo(LABELS);
    }

    @Test
    void changesCaseCharacterByCharacter() {
        Labels labels = Labels.of("a", "Straße İΣ");
        assertThat(
                        Objects.requireNonNull(
                                        RelabelRule.apply(
                                                List.of(
                                                        rule(
                                                                RelabelAction.UPPERCASE,
                                                                List.of("a"),
                                                                "(.*)",
                                                                "up",
                                                                "$1"),
                                                        rule(
                                                                RelabelAction.LOWERCASE,
                                                                List.of("a"),
                                                                "(.*)",
                                                                "low",
                                                                "$1")),
                                                labels))
                                .only(List.of("up", "low")))
                .isEqualTo(Labels.of("low", "straße iσ", "up", "STRAßE İΣ"));
    }

    @Test
    void filtersLabelNames() {
        assertThat(apply(rule(RelabelAction.LABELDROP, List.of(), "__.*", "", "$1")))
                .isEqualTo(Labels.of("job", "web", "path", "/x/y"));
        assertThat(apply(rule(RelabelAction.LABELKEEP, List.of(), "job", "", "$1")))
                .isEqualTo(Labels.of("job", "web"));
    }

    @Test
    void changesCase() {
        assertThat(
                        apply(rule(RelabelAction.LOWERCASE, List.of("__meta_b"), "(.*)", "b", "$1"))
                                .get("b"))
                .isEqualTo("two");
        assertThat(
                        apply(rule(RelabelAction.UPPERCASE, List.of("__meta_b"), "(.*)", "b", "$1"))
                                .get("b"))
                .isEqualTo("TWO");
    }

    @ParameterizedTest
    @CsvSource({
        "a(b)c, abc, $1, b",
        "a(b)c, abc, $10, ''",
        "a(b)c, abc, ${1}0, b0",
        "a(b)c, abc, $1x, ''",
        "a(b)c, abc, $, $",
        "a(b)c, abc, $-x, $-x",
        "a(b)c, abc, ${1, ${1",
        "a(b)c, abc, $01, ''",
        "a(b)c, abc, $$1, $1",
        "a(b)c, abc, $$$1, $b",
        "a(b)c, abc, ${}, ${}",
        "a(b)c, abc, $999999999999, ''",
        "(?P<n>a)(b)?, a, ${n}-${2}-${x}, a--",
        "a(b)c, xabc, $1,",
        "a(.*)c, 'a\nc', '<$1>', '<\n>'",
        "(?s)a.c, abc, $0, abc",
    })
    void expandsAsGoDoes(String regex, String value, String replacement, String expected) {
        assertThat(RelabelPattern.of(regex).expand(value, replacement)).isEqualTo(expected);
    }

    @Test
    void refusesRulesWithoutWhatTheyNeed() {
        assertThatThrownBy(() -> rule(RelabelAction.REPLACE, List.of("a"), "(.*)", "", "$1"))
                .hasMessage("relabel action must have a target_label: action=replace");
        assertThatThrownBy(() ->
                        new RelabelRule(
                                RelabelAction.HASHMOD,
                                List.of("a"),
                                ";",
                                RelabelRule.DEFAULT_REGEX,
                                0,
                                "shard",
                                "$1"))
                .hasMessage("hashmod must have a modulus of at least 1: modulus=0");
        assertThatThrownBy(() -> RelabelPattern.of("a("))
                .hasMessageStartingWith("regex must be RE2");
    }
}
