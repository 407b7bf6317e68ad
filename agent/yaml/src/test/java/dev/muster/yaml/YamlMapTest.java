package dev.muster.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlMapTest {
    @Test
    void readsWhatItIsAskedFor() throws YamlException {
        YamlMap map =
                YamlMap.parse(
                        "a.yml",
                        """
                        name: one
                        port: 0x10
                        ratio: .5
                        on: yes
                        none:
                        list: [a, ~, "c"]
                        labels: {z: 1, a: x}
                        groups:
                          - {name: g}
                        """);
        assertThat(map.text("name", "")).isEqualTo("one");
        assertThat(map.count("port", 0)).isEqualTo(16);
        assertThat(map.number("ratio", 0)).isEqualTo(0.5);
        assertThat(map.flag("on", false)).isTrue();
        assertThat(map.has("none")).isFalse();
        assertThat(map.text("none", "fallback")).isEqualTo("fallback");
        assertThat(map.texts("list")).isEqualTo(List.of("a", "", "c"));
        assertThat(map.words("labels")).isEqualTo(Map.of("a", "x", "z", "1"));
        assertThat(map.maps("groups").getFirst().place("name")).isEqualTo("9:12");
        map.refuseOthers();
    }

    @Test
    void anEmptyFileIsAnEmptyMappingAndOnlyTheFirstDocumentCounts() throws YamlException {
        assertThat(YamlMap.parse("a.yml", "").text("a", "none")).isEqualTo("none");
        assertThat(YamlMap.parse("a.yml", "a: 1\n---\na: 2\n").text("a", "")).isEqualTo("1");
        assertThat(YamlMap.parseList("a.yml", "")).isEmpty();
    }

    @Test
    void theFirstOfSeveralMergedMappingsWins() throws YamlException {
        YamlMap map =
                YamlMap.parse(
                        "a.yml", "x: &x {p: 1}\ny: &y {p: 2, q: 2}\nz: {<<: [*x, *y], r: 3}\n");
        YamlMap merged = map.map("z").orElseThrow();
        assertThat(merged.text("p", "")).isEqualTo("1");
        assertThat(merged.text("q", "")).isEqualTo("2");
        assertThat(merged.text("r", "")).isEqualTo("3");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "nmae: x | a.yml:1:1: unknown key: found=nmae, nearest=name, known=[count, name,"
                        + " on]",
                "count: '5' | a.yml:1:8: count must be a whole number, not in quotes: found=5",
                "count: x | a.yml:1:8: count must be a whole number: found=x",
                "on: maybe | a.yml:1:5: on must be true or false: found=maybe",
                "name: [x] | a.yml:1:7: name must be a single value: found=list",
                "{name: a, name: b} | a.yml:1:11: a key must not stand twice: found=name",
                "- a | a.yml:1:1: the file must be a mapping: found=list",
                "a: [ | a.yml:1:5: must be YAML: expected the node content, but found '<stream"
                        + " end>'",
            })
    void refusesWithThePlace(String text, String message) {
        assertThatThrownBy(
                        () -> {
                            YamlMap map = YamlMap.parse("a.yml", text);
                            map.text("name", "");
                            map.count("count", 0);
                            map.flag("on", false);
                            map.refuseOthers();
                        })
                .isInstanceOfSatisfying(
                        YamlException.class, e -> assertThat(e.asCompiler()).isEqualTo(message));
    }

    @Test
    void aliasesDoNotStandForMillionsOfValues() {
        StringBuilder text = new StringBuilder("a0: &a0 {k: 1}\n");
        for (int i = 1; i < 30; i++) {
            text.append("a%d: &a%d {<<: [*a%d, *a%d]}\n".formatted(i, i, i - 1, i - 1));
        }
        assertThatThrownBy(() -> YamlMap.parse("a.yml", text + "b: {<<: *a29}").map("b"))
                .hasMessageStartingWith("file=a.yml line=");
    }

    @Test
    void theMessageNamesFileLineAndColumn() {
        assertThatThrownBy(() -> YamlMap.parse("a.yml", "a: 1\nb: [1\n"))
                .isInstanceOf(YamlException.class)
                .hasMessageStartingWith("file=a.yml line=3 column=1: must be YAML: ");
        assertThat(new YamlException("a.yml", 0, "file must exist", null))
                .hasMessage("file=a.yml: file must exist");
    }
}
