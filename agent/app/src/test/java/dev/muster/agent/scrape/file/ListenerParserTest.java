package dev.muster.agent.scrape.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.agent.services.listener.ListenerPolicy;
import dev.muster.agent.services.listener.ListenerSettings;
import dev.muster.agent.services.listener.PolicyRule;
import dev.muster.agent.services.listener.Ports;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenerParserTest {
    private static ListenerSettings parse(String text) throws YamlException {
        return ListenerParser.parse(YamlMap.parse("p.yml", text), "/m", "https");
    }

    @Test
    void readsEveryKey() throws YamlException {
        assertThat(
                        parse(
                                """
                                allow:
                                - {unit: 'api-.*', port: '8080,9000-9010'}
                                - {container: '.+'}
                                deny:
                                - {user: root}
                                ports: 1-65535
                                refresh_interval: 10s
                                path: /metrics
                                scheme: http
                                procfs: /host/proc
                                namespaces: own
                                """))
                .isEqualTo(
                        new ListenerSettings(
                                new ListenerPolicy(
                                        List.of(
                                                new PolicyRule(
                                                        Map.of(PolicyRule.Field.UNIT, "api-.*"),
                                                        Ports.parse("8080,9000-9010")),
                                                new PolicyRule(
                                                        Map.of(PolicyRule.Field.CONTAINER, ".+"),
                                                        Optional.empty())),
                                        List.of(
                                                new PolicyRule(
                                                        Map.of(PolicyRule.Field.USER, "root"),
                                                        Optional.empty())),
                                        Ports.parse("1-65535").orElseThrow()),
                                Duration.ofSeconds(10),
                                "/metrics",
                                false,
                                Path.of("/host/proc"),
                                false));
    }

    @Test
    void takesPathAndSchemeOfTheJob() throws YamlException {
        ListenerSettings settings = parse("allow: [{comm: api}]");
        assertThat(settings.path()).isEqualTo("/m");
        assertThat(settings.tls()).isTrue();
        assertThat(settings.refreshInterval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.procfs()).isEqualTo(Path.of("/proc"));
        assertThat(settings.allNetworks()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    deny: [{user: root}] | allow must have at least one rule
                    allow: [{}] | rule must name what it matches
                    allow: [{unit: '(?=x)'}] | unit must be RE2 syntax
                    allow: [{port: 70000}] | port must be ports such as 8080
                    allow: [{units: x}] | unknown key: found=units
                    {allow: [{unit: x}], namespaces: some} | namespaces must be all or own
                    {allow: [{unit: x}], refresh_interval: 1ms} | refresh_interval must be 1s to 1h
                    {allow: [{unit: x}], path: metrics} | path must start with /
                    {allow: [{unit: x}], wrong: 1} | unknown key: found=wrong
                    """)
    void refusesWithTheLine(String text, String message) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(YamlException.class)
                .hasMessageContaining(message);
    }
}
