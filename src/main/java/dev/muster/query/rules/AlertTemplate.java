package dev.muster.query.rules;

import dev.muster.promql.QueryException;
import dev.muster.query.template.Fields;
import dev.muster.query.template.PrometheusFunctions;
import dev.muster.query.template.QuerySample;
import dev.muster.query.template.Template;
import dev.muster.query.template.TemplateException;
import dev.muster.query.template.TemplateFunction;
import dev.muster.query.template.Words;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The templates in labels and annotations of alerts, at one time.
final class AlertTemplate {
    private static final String VARIABLES =
            "{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}"
                    + "{{$externalURL := .ExternalURL}}{{$value := .Value}}";
    private static final String TYPE =
            "struct { Labels map[string]string; ExternalLabels map[string]string; ExternalURL"
                    + " string; Value interface {} }";

    private final String name;
    private final RuleSettings settings;
    private final Map<String, TemplateFunction> functions;

    AlertTemplate(String alert, RuleSettings settings, RuleQuery query, long timeMs) {
        name = name(alert);
        this.settings = settings;
        functions =
                PrometheusFunctions.of(
                        expr -> samples(query, expr, timeMs),
                        timeMs,
                        Optional.of(settings.externalUrl()));
    }

    private static String name(String alert) {
        return "__alert_" + alert;
    }

    /// @throws TemplateException if the text is no template
    static void check(String alert, String text) throws TemplateException {
        Map<String, TemplateFunction> functions =
                PrometheusFunctions.of(_ -> List.of(), 0, Optional.empty());
        Template.parse(name(alert), VARIABLES + text, functions);
    }

    private static List<QuerySample> samples(RuleQuery query, String expr, long timeMs)
            throws TemplateException {
        try {
            return query.at(expr, timeMs).stream()
                    .map(sample -> new QuerySample(words(sample), sample.value()))
                    .toList();
        } catch (QueryException | IOException e) {
            throw new TemplateException(String.valueOf(e.getMessage()));
        }
    }

    private static Words words(RuleSample sample) {
        Map<String, String> words = new TreeMap<>();
        sample.labels().forEach(words::put);
        return new Words(words);
    }

    /// What a text says of a sample; of a text that cannot be expanded, why.
    String expand(String text, RuleSample sample) {
        if (text.indexOf("{{") < 0) {
            return text;
        }
        try {
            Template template;
            try {
                template = Template.parse(name, VARIABLES + text, functions);
            } catch (TemplateException e) {
                throw new TemplateException(
                        "error parsing template " + name + ": " + e.getMessage());
            }
            try {
                return template.execute(dot(sample));
            } catch (TemplateException e) {
                throw new TemplateException(
                        "error executing template " + name + ": " + e.getMessage());
            }
        } catch (TemplateException e) {
            return "<error expanding template: " + e.getMessage() + ">";
        }
    }

    private Fields dot(RuleSample sample) {
        Object value =
                sample.histogram() == null
                        ? (Object) sample.value()
                        : HistogramText.of(sample.histogram());
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("Labels", words(sample));
        values.put("ExternalLabels", new Words(settings.externalLabels()));
        values.put("ExternalURL", settings.externalUrl().toString());
        values.put("Value", value);
        return new Fields(TYPE, values);
    }
}
