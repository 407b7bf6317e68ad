package dev.muster.query.receivers.settings;

import dev.muster.yaml.YamlException;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// `sns_configs`: Amazon's Simple Notification Service.
///
/// @param apiUrl template of where it goes; that of the region if empty
/// @param region of the service; that of the environment if empty
/// @param accessKey name of the key that signs; that of the environment if none
/// @param secretKey the key that signs; that of the environment if none
/// @param attributes of the message
public record SnsSettings(
        boolean sendResolved,
        HttpSettings http,
        String apiUrl,
        String region,
        Optional<String> accessKey,
        Optional<Secret> secretKey,
        String topicArn,
        String phoneNumber,
        String targetArn,
        String subject,
        String message,
        SortedMap<String, String> attributes)
        implements Integration {
    public SnsSettings {
        attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
    }

    @Override
    public Kind kind() {
        return Kind.SNS;
    }

    static SnsSettings parse(Section section, GlobalSettings global) throws YamlException {
        Optional<Section> keys = section.section("sigv4");
        String region = keys.isPresent() ? keys.get().text("region", "") : "";
        Optional<String> access =
                keys.isPresent() ? keys.get().text("access_key") : Optional.empty();
        Optional<Secret> secret =
                keys.isPresent() ? keys.get().text("secret_key").map(Secret::of) : Optional.empty();
        if (access.isPresent() != secret.isPresent()) {
            throw section.error("sigv4", "access_key and secret_key must be given together");
        }
        if (keys.isPresent()) {
            keys.get().end("profile", "role_arn", "external_id", "use_fips_sts_endpoint");
        }
        SnsSettings settings =
                new SnsSettings(
                        section.flag("send_resolved", true),
                        HttpSettings.of(section, global.http()),
                        section.text("api_url", ""),
                        region,
                        access,
                        secret,
                        section.text("topic_arn", ""),
                        section.text("phone_number", ""),
                        section.text("target_arn", ""),
                        section.text("subject", "{{ template \"sns.default.subject\" . }}"),
                        section.text("message", "{{ template \"sns.default.message\" . }}"),
                        section.words("attributes"));
        requireOneTarget(section);
        section.end();
        return settings;
    }

    private static void requireOneTarget(Section section) throws YamlException {
        int targets = 0;
        for (String key : new String[] {"topic_arn", "phone_number", "target_arn"}) {
            targets += section.text(key).isPresent() ? 1 : 0;
        }
        if (targets != 1) {
            throw section.error(
                    "topic_arn",
                    "one of topic_arn, phone_number and target_arn must be given: found="
                            + targets);
        }
    }
}
