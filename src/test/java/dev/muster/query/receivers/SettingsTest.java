package dev.muster.query.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.query.receivers.settings.GlobalSettings;
import dev.muster.query.receivers.settings.Integration;
import dev.muster.query.receivers.settings.ReceiverSettings;
import dev.muster.query.receivers.settings.Section;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    private static ReceiverSettings parse(String yaml) throws YamlException {
        YamlMap map = YamlMap.parse("am.yml", yaml);
        return ReceiverSettings.parse(
                new Section(map, Path.of("/etc/am")), GlobalSettings.defaults());
    }

    @Test
    void secretsAreNeverShown() throws YamlException {
        ReceiverSettings settings =
                parse(
                        """
                        name: a
                        webhook_configs:
                        - url: http://example.org/geheim
                          http_config:
                            basic_auth: {username: geheim, password: geheim}
                            http_headers: {X: {secrets: [geheim]}}
                        telegram_configs:
                        - {bot_token: geheim, chat_id: 1}
                        pagerduty_configs:
                        - routing_key: geheim
                        sns_configs:
                        - topic_arn: t
                          sigv4: {access_key: k, secret_key: geheim}
                        """);
        assertThat(settings.integrations().stream().map(Integration::kind).map(Enum::name))
                .containsExactly("PAGERDUTY", "SNS", "TELEGRAM", "WEBHOOK");
        assertThat(settings.toString()).doesNotContain("geheim").contains("<secret>");
    }

    @Test
    void resolvedAlertsAreToldWhereAlertmanagerTellsThem() throws YamlException {
        assertThat(
                        parse(
                                        """
                                        name: a
                                        slack_configs: [{api_url: http://h}]
                                        webhook_configs: [{url: http://h}]
                                        discord_configs: [{webhook_url: http://h}]
                                        email_configs: [{to: a@b, from: c@d, smarthost: 'h:25'}]
                                        """)
                                .integrations()
                                .stream()
                                .map(Integration::sendResolved))
                .isEqualTo(List.of(true, false, false, true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "webhook_configs: [{}] | one of url and url_file must be given: none",
                "webhook_configs: [{url: 'http://h', urll: x}] | unknown key: found=urll,"
                        + " nearest=url",
                "webhook_configs: [{url: 'http://h', url_file: x}] | at most one of url and"
                        + " url_file",
                "slack_configs: [{channel: x}] | one of api_url and api_url_file must be given",
                "slack_configs: [{api_url: 'http://h', actions: [{type: a, text: b}]}] | action"
                        + " must have a url or a name",
                "telegram_configs: [{bot_token: x}] | one of chat_id and chat_id_file",
                "telegram_configs: [{bot_token: x, chat_id: a}] | chat_id must be a whole number",
                "telegram_configs: [{bot_token: x, chat_id: 1, parse_mode: md}] | parse_mode must"
                        + " be HTML",
                "pagerduty_configs: [{}] | one of routing_key and service_key",
                "sns_configs: [{topic_arn: a, phone_number: b}] | one of topic_arn, phone_number"
                        + " and target_arn",
                "opsgenie_configs: [{api_key: a, responders: [{type: team}]}] | responder must have"
                        + " an id",
                "opsgenie_configs: [{api_key: a, responders: [{id: x, type: cat}]}] | responder"
                        + " type must be one of",
                "email_configs: [{to: a@b, from: c@d, smarthost: h}] | smarthost must be a host and"
                        + " a port",
                "email_configs: [{to: a@b, smarthost: 'h:25'}] | from must be given here or as"
                        + " smtp_from",
                "jira_configs: [{}] | key is Prometheus' but not carried here",
                "webhook_configs: [{url: 'http://h', http_config: {tls_config: {min_version:"
                        + " TLS9}}}] | min_version must be one of",
                "webhook_configs: [{url: 'http://h', http_config: {basic_auth: {}, authorization:"
                        + " {}}}] | at most one of basic_auth",
                "webhook_configs: [{url: 'http://h', http_config: {proxy_url: 'ftp://h'}}] |"
                        + " proxy_url must be a URL",
            })
    void mistakesAreNamed(String yaml, String message) {
        assertThatThrownBy(() -> parse("name: a\n" + yaml))
                .isInstanceOf(YamlException.class)
                .hasMessageContaining("line=2")
                .hasMessageContaining(message);
    }
}
