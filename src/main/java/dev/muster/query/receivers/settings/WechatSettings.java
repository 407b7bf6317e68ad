package dev.muster.query.receivers.settings;

import dev.muster.yaml.YamlException;
import java.net.URI;
import java.util.Set;

/// `wechat_configs`.
///
/// @param apiUrl what the paths of its calls are appended to
/// @param corpId which company; no secret, but may stand in `global`
/// @param messageType `text` or `markdown`
/// @param toUser who hears it, as `toParty` and `toTag`
public record WechatSettings(
        boolean sendResolved,
        HttpSettings http,
        URI apiUrl,
        Secret apiSecret,
        Secret corpId,
        String message,
        String messageType,
        String agentId,
        String toUser,
        String toParty,
        String toTag)
        implements Integration {
    private static final Set<String> TYPES = Set.of("text", "markdown");

    @Override
    public Kind kind() {
        return Kind.WECHAT;
    }

    static WechatSettings parse(Section section, GlobalSettings global) throws YamlException {
        String type = section.text("message_type", "text");
        if (!TYPES.contains(type)) {
            throw section.error(
                    "message_type", "message_type must be text or markdown: found=" + type);
        }
        WechatSettings settings =
                new WechatSettings(
                        section.flag("send_resolved", false),
                        HttpSettings.of(section, global.http()),
                        section.url("api_url", global.url("wechat_api_url")),
                        section.requiredSecret(
                                "api_secret",
                                "api_secret_file",
                                global.secret("wechat_api_secret")),
                        section.text("corp_id")
                                .map(Secret::of)
                                .or(() -> global.secret("wechat_api_corp_id"))
                                .orElseThrow(
                                        () -> section.error("corp_id", "corp_id must be given")),
                        section.text("message", "{{ template \"wechat.default.message\" . }}"),
                        type,
                        section.text("agent_id", "{{ template \"wechat.default.agent_id\" . }}"),
                        section.text("to_user", "{{ template \"wechat.default.to_user\" . }}"),
                        section.text("to_party", "{{ template \"wechat.default.to_party\" . }}"),
                        section.text("to_tag", "{{ template \"wechat.default.to_tag\" . }}"));
        section.end();
        return settings;
    }
}
