package dev.muster.query.rules.unit;

import java.util.List;

/// Outcomes of tests as JUnit's XML.
final class JunitXml {
    private JunitXml() {}

    static String of(List<TestCommand.Outcome> outcomes) {
        StringBuilder xml =
                new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
        for (TestCommand.Outcome outcome : outcomes) {
            long failures =
                    outcome.cases().stream().filter(each -> !each.errors().isEmpty()).count();
            boolean aborted = outcome.cases().isEmpty() && !outcome.errors().isEmpty();
            xml.append("  <testsuite name=\"")
                    .append(escaped(outcome.file()))
                    .append("\" tests=\"")
                    .append(outcome.cases().size())
                    .append("\" failures=\"")
                    .append(failures)
                    .append("\" errors=\"")
                    .append(aborted ? 1 : 0)
                    .append("\">\n");
            for (TestCommand.CaseOutcome each : outcome.cases()) {
                append(xml, each.name(), "failure", each.errors());
            }
            if (aborted) {
                append(xml, "file", "error", outcome.errors());
            }
            xml.append("  </testsuite>\n");
        }
        return xml.append("</testsuites>\n").toString();
    }

    private static void append(StringBuilder xml, String name, String what, List<String> errors) {
        xml.append("    <testcase name=\"").append(escaped(name)).append("\">\n");
        for (String error : errors) {
            xml.append("      <").append(what).append('>').append(escaped(error));
            xml.append("</").append(what).append(">\n");
        }
        xml.append("    </testcase>\n");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replaceAll("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]", "\ufffd");
    }
}
