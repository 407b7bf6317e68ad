package dev.muster.query.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TemplateTest {
    private static Template parse(String text) throws TemplateException {
        return Template.parse(
                "t", text, PrometheusFunctions.of(_ -> List.of(), 1_500, Optional.empty()));
    }

    private static String run(String text) throws TemplateException {
        return parse(text).execute(new Words(Map.of("a", "b")));
    }

    @Test
    void printsWhatStandsThere() throws TemplateException {
        assertThat(run("x {{ .a }} {{- .nope -}} y {{ now }}")).isEqualTo("x by 1.5");
    }

    @Test
    void isBoundedInSteps() {
        String tens = "{{range 100000}}".repeat(4) + "{{end}}".repeat(4);
        assertThatThrownBy(() -> run(tens)).hasMessageContaining("at most steps=1000000");
    }

    @Test
    void isBoundedInOutput() {
        assertThatThrownBy(() -> run("{{range 100000}}" + "x".repeat(100) + "{{end}}"))
                .hasMessageContaining("print at most chars=1048576");
    }

    @Test
    void isBoundedInDepth() {
        assertThatThrownBy(() -> run("{{define \"x\"}}{{template \"x\"}}{{end}}{{template \"x\"}}"))
                .hasMessageContaining("exceeded maximum template depth (100)");
        assertThatThrownBy(() -> parse("{{if true}}".repeat(200) + "{{end}}".repeat(200)))
                .hasMessageContaining("nest less deep");
        assertThatThrownBy(() -> parse("{{" + "(".repeat(20_000) + "1" + ")".repeat(20_000) + "}}"))
                .hasMessageContaining("nest less deep");
    }

    @Test
    void isBoundedInPadding() {
        assertThatThrownBy(() -> run("{{range 1000}}{{printf \"%99999999d\" 1}}{{end}}"))
                .hasMessageContaining("print at most");
    }
}
