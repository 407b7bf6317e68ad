package dev.muster.query.alertmanager.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.labels.Labels;
import dev.muster.yaml.YamlException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertmanagerFileTest {
    private static final String FILE =
            """
            global:
              resolve_timeout: 7m
            route:
              receiver: all
              group_by: [alertname, cluster]
              group_wait: 10s
              routes:
              - receiver: db
                matchers: ['service=~"mysql|pg"', team!=web]
                group_by: ['...']
                mute_time_intervals: [night]
                continue: true
                routes:
                - match: {owner: team-X}
                  group_interval: 1m
              - match_re: {service: pg.*}
                receiver: pg
                repeat_interval: 3h
              - matchers: ['"füü.bar"=x']
            time_intervals:
            - name: night
              time_intervals: [{times: [{start_time: '00:00', end_time: '06:00'}]}]
            inhibit_rules:
            - source_matchers: [severity=critical]
              target_match: {severity: warning}
              equal: [alertname]
            receivers:
            - name: all
            - name: db
            - name: pg
              webhook_configs: [{url: 'http://x:1/secret/path', http_config: {bearer_token: abc}}]
            """;

    private static AlertmanagerConfig parse(String text) throws YamlException {
        return AlertmanagerFile.parse("am.yml", text, Path.of("/"), new NamedReceivers());
    }

    private static List<String> keys(AlertmanagerConfig config, String... labels) {
        return config.route().match(Labels.of(labels)).stream().map(Route::key).toList();
    }

    @Test
    void routesAsAlertmanagerDoes() throws YamlException {
        AlertmanagerConfig config = parse(FILE);
        assertThat(keys(config, "a", "b")).containsExactly("{}");
        assertThat(keys(config, "service", "mysql"))
                .containsExactly("{}/{service=~\"mysql|pg\",team!=\"web\"}");
        assertThat(keys(config, "service", "pg", "owner", "team-X"))
                .containsExactly(
                        "{}/{service=~\"mysql|pg\",team!=\"web\"}/{owner=\"team-X\"}",
                        "{}/{service=~\"^(?:pg.*)$\"}");
        assertThat(keys(config, "service", "pg", "team", "web"))
                .containsExactly("{}/{service=~\"^(?:pg.*)$\"}");
        assertThat(keys(config, "füü.bar", "x")).containsExactly("{}/{füü.bar=\"x\"}");
    }

    @Test
    void routesHaveWhatThoseAboveHave() throws YamlException {
        AlertmanagerConfig config = parse(FILE);
        Route owner = config.route().routes().getFirst().routes().getFirst();
        assertThat(owner.options().receiver()).isEqualTo("db");
        assertThat(owner.options().groupByAll()).isTrue();
        assertThat(owner.options().groupWait()).isEqualTo(Duration.ofSeconds(10));
        assertThat(owner.options().groupInterval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(owner.options().repeatInterval()).isEqualTo(Duration.ofHours(4));
        assertThat(owner.options().muteTimes()).isEmpty();
        assertThat(config.resolveTimeout()).isEqualTo(Duration.ofMinutes(7));
        assertThat(config.inhibitRules()).hasSize(1);
        assertThat(config.route().flat()).extracting(Route::id).doesNotHaveDuplicates();
    }

    @Test
    void isShownWithoutSecretsAndReadsAgain() throws YamlException {
        String shown = parse(FILE).shown();
        assertThat(shown)
                .contains("bearer_token: <secret>", "http://x:1/hidden")
                .doesNotContain("abc", "secret/path");
        assertThat(parse(shown).route()).isEqualTo(parse(FILE).route());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{}; no route provided in config",
                "{route: {}, receivers: [{name: a}]}; must specify a default receiver",
                "{route: {receiver: b}, receivers: [{name: a}]}; undefined receiver \"b\"",
                "{route: {receiver: a, matchers: [a=b]}, receivers: [{name: a}]}; root route",
                "{route: {receiver: a, continue: true}, receivers: [{name: a}]}; cannot have"
                        + " continue in root route",
                "{route: {receiver: a, nope: 1}, receivers: [{name: a}]}; line=1 column=23",
                "{route: {receiver: a}, receivers: [{name: a}, {name: a}]}; is not unique",
                "{route: {receiver: a}, receivers: [{}]}; missing name in receiver",
                "{route: {receiver: a, group_by: ['...', a]}, receivers: [{name: a}]}; wildcard",
                "{route: {receiver: a, group_by: [a, a]}, receivers: [{name: a}]}; duplicated",
                "{route: {receiver: a, group_interval: 0s}, receivers: [{name: a}]}; cannot be"
                        + " zero",
                "{route: {receiver: a, group_wait: 1x}, receivers: [{name: a}]}; must be a"
                        + " duration",
                "{route: {receiver: a, routes: [{matchers: ['a=~(']}]}, receivers: [{name: a}]};"
                        + " matcher name=a",
                "{route: {receiver: a, routes: [{mute_time_intervals: [x]}]}, receivers: [{name:"
                        + " a}]}; undefined time interval \"x\"",
                "{global: {nope: 1}, route: {receiver: a}, receivers: [{name: a}]}; unknown key",
                "{route: {receiver: a}, receivers: [{name: a}], inhibit_rules: [{equal: ['']}]};"
                        + " in equal list",
            })
    void refuses(String yaml, String message) {
        assertThatThrownBy(() -> parse(yaml))
                .isInstanceOf(YamlException.class)
                .hasMessageContaining(message);
    }
}
