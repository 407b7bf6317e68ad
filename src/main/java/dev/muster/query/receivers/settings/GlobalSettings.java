package dev.muster.query.receivers.settings;

import dev.muster.yaml.YamlException;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What `global` says of receivers.
///
/// @param urls of services, by key of the configuration file
/// @param secrets by key of the configuration file
public record GlobalSettings(
        HttpSettings http,
        Smtp smtp,
        SortedMap<String, URI> urls,
        SortedMap<String, Secret> secrets) {
    private static final List<String> URLS =
            List.of(
                    "victorops_api_url",
                    "pagerduty_url",
                    "opsgenie_api_url",
                    "telegram_api_url",
                    "slack_app_url",
                    "webex_api_url",
                    "wechat_api_url");
    private static final List<String> DEFAULTS =
            List.of(
                    "https://alert.victorops.com/integrations/generic/20131114/alert/",
                    "https://events.pagerduty.com/v2/enqueue",
                    "https://api.opsgenie.com/",
                    "https://api.telegram.org",
                    "https://slack.com/api/chat.postMessage",
                    "https://webexapis.com/v1/messages",
                    "https://qyapi.weixin.qq.com/cgi-bin/");
    private static final List<String> SECRETS =
            List.of(
                    "slack_api_url",
                    "slack_app_token",
                    "victorops_api_key",
                    "opsgenie_api_key",
                    "telegram_bot_token",
                    "mattermost_webhook_url",
                    "wechat_api_secret",
                    "wechat_api_corp_id");

    /// Keys of services that are not carried here; they harm nobody.
    private static final List<String> OTHERS =
            List.of(
                    "jira_api_url",
                    "rocketchat_api_url",
                    "rocketchat_token",
                    "rocketchat_token_file",
                    "rocketchat_token_id",
                    "rocketchat_token_id_file");

    public GlobalSettings {
        urls = Collections.unmodifiableSortedMap(new TreeMap<>(urls));
        secrets = Collections.unmodifiableSortedMap(new TreeMap<>(secrets));
    }

    /// The `smtp_` keys.
    ///
    /// @param from who sends; empty if each receiver says it
    /// @param smarthost host and port; empty if each receiver says it
    public record Smtp(
            String from,
            String smarthost,
            String hello,
            String user,
            Optional<Secret> password,
            Optional<Secret> secret,
            String identity,
            boolean requireTls,
            TlsSettings tls) {
        private static final Smtp NONE =
                new Smtp(
                        "",
                        "",
                        "localhost",
                        "",
                        Optional.empty(),
                        Optional.empty(),
                        "",
                        true,
                        TlsSettings.NONE);
    }

    /// What holds without a mapping `global`.
    public static GlobalSettings defaults() {
        SortedMap<String, URI> urls = new TreeMap<>();
        for (int i = 0; i < URLS.size(); i++) {
            urls.put(URLS.get(i), URI.create(DEFAULTS.get(i)));
        }
        return new GlobalSettings(
                HttpSettings.DEFAULT, Smtp.NONE, urls, Collections.emptySortedMap());
    }

    /// Reads what it knows and leaves the other keys to the caller.
    ///
    /// @throws YamlException with line and column of what is wrong
    public static GlobalSettings parse(Section section) throws YamlException {
        SortedMap<String, URI> urls = new TreeMap<>();
        for (int i = 0; i < URLS.size(); i++) {
            urls.put(URLS.get(i), section.url(URLS.get(i), URI.create(DEFAULTS.get(i))));
        }
        SortedMap<String, Secret> secrets = new TreeMap<>();
        for (String key : SECRETS) {
            (key.endsWith("_url")
                            ? section.secretUrl(key, key + "_file")
                            : section.secret(key, key + "_file"))
                    .ifPresent(secret -> secrets.put(key, secret));
        }
        section.map().allow(OTHERS);
        return new GlobalSettings(
                HttpSettings.of(section, HttpSettings.DEFAULT), smtp(section), urls, secrets);
    }

    private static Smtp smtp(Section section) throws YamlException {
        Optional<Section> tls = section.section("smtp_tls_config");
        section.map().allow(List.of("smtp_force_implicit_tls"));
        return new Smtp(
                section.text("smtp_from", ""),
                section.text("smtp_smarthost", ""),
                section.text("smtp_hello", "localhost"),
                section.text("smtp_auth_username", ""),
                section.secret("smtp_auth_password", "smtp_auth_password_file"),
                section.secret("smtp_auth_secret", "smtp_auth_secret_file"),
                section.text("smtp_auth_identity", ""),
                section.flag("smtp_require_tls", true),
                tls.isPresent() ? TlsSettings.parse(tls.get()) : TlsSettings.NONE);
    }

    /// A URL of a service.
    ///
    /// @param key one of those that have a default
    URI url(String key) {
        URI url = urls.get(key);
        if (url == null) {
            throw new IllegalArgumentException("global url must be known: key=" + key);
        }
        return url;
    }

    Optional<Secret> secret(String key) {
        return Optional.ofNullable(secrets.get(key));
    }
}
