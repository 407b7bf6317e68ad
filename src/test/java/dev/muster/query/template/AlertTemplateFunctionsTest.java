package dev.muster.query.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertTemplateFunctionsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final TemplateSet SET =
            TemplateSet.of(AlertFunctions.of(InstantSource.fixed(NOW)));
    private static final Fields DOT =
            new Fields(
                    "*template.Data",
                    Map.of(
                            "At",
                            GoTime.ofMillis(
                                    Instant.parse("2026-03-01T08:58:57.250Z").toEpochMilli()),
                            "Bad",
                            "<b onclick='x'>+&",
                            "Url",
                            "javascript:alert(1)"));

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            quoteCharacter = '`',
            value = {
                "{{ \"a b\" | title }}{{ toUpper \"é\" }}{{ \"X\" | toLower }} => A BÉx",
                "[{{ trimSpace \"  a \" }}] => [a]",
                "{{ stringSlice \"a\" \"b\" | join \", \" }} => a, b",
                "{{ match \"^a+$\" \"aaa\" }} {{ reReplaceAll \"(\\\\w)b\" \"$1-\" \"abcb\" }} =>"
                        + " true a-c-",
                "{{ (index (dict \"k\" 1) \"k\") }} {{ append (list 1 2) 3 }} => 1 [1 2 3]",
                "{{ .At.Format \"Mon, 02 Jan 2006 15:04:05 MST\" }} => Sun, 01 Mar 2026 08:58:57"
                        + " UTC",
                "{{ .At | tz \"Europe/Paris\" | date \"2006-01-02T15:04:05.000Z07:00 MST\" }}"
                        + " => 2026-03-01T09:58:57.250+01:00 CET",
                "{{ .At | date \"Jan _2 3:04PM\" }} => Mar  1 8:58AM",
                "{{ since .At }} {{ since .At | humanizeDuration }} => 1h1m2.75s 1h 1m 2s",
                "{{ .At }} {{ .At.Unix }} => 2026-03-01 08:58:57.25 +0000 UTC 1772355537",
                "{{ urlUnescape \"a%20b+c\" }} => a b c",
                "{{ dict \"a\" (list 1 \"x\") | toJson }} => {\"a\":[1,\"x\"]}",
            })
    void areThoseOfAlertmanager(String template, String expected) throws TemplateException {
        assertThat(SET.text(template, DOT)).isEqualTo(expected);
    }

    @Test
    void htmlIsEscapedUnlessItIsSaidToBeSafe() throws TemplateException {
        assertThat(SET.html("<i>{{ .Bad }}</i>{{ safeHtml \"<br>\" }}", DOT))
                .isEqualTo("<i>&lt;b onclick=&#39;x&#39;&gt;&#43;&amp;</i><br>");
        assertThat(SET.html("<a href=\"{{ .Url }}\">{{ .Url }}</a>", DOT))
                .isEqualTo("<a href=\"#refused\">javascript:alert(1)</a>");
    }

    @Test
    void laterDefinitionsHoldUnlessTheyAreBlank() throws TemplateException {
        TemplateSet set =
                SET.with("a.tmpl", "{{ define \"x\" }}one{{ end }}{{ define \"y\" }}two{{ end }}")
                        .with("b.tmpl", "{{ define \"x\" }} {{ end }}{{ define \"y\" }}2{{ end }}");
        assertThat(set.text("{{ template \"x\" }}{{ template \"y\" }}", "")).isEqualTo("one2");
        assertThat(set.text("{{ block \"z\" . }}own{{ end }}{{ template \"z\" }}", ""))
                .isEqualTo("ownown");
    }

    @Test
    void errorsNameTheFileTheyStandIn() throws TemplateException {
        TemplateSet set = SET.with("a.tmpl", "\n{{ define \"x\" }}\n  {{ .Nope }}{{ end }}");
        assertThatThrownBy(() -> set.text("{{ template \"x\" . }}", DOT))
                .hasMessage(
                        "template: a.tmpl:3:5: executing \"x\" at <.Nope>: can't evaluate field"
                                + " Nope in type *template.Data");
        assertThatThrownBy(() -> set.text("{{ join \",\" \"a\" }}", List.of()))
                .hasMessageContaining("[]string");
    }
}
