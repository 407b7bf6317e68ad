package dev.muster.query.receivers.deliver;

import dev.muster.query.receivers.Notification;
import dev.muster.query.receivers.http.Call;
import dev.muster.query.receivers.http.WebClient;
import dev.muster.query.receivers.settings.Secret;
import dev.muster.query.receivers.settings.SnsSettings;
import dev.muster.query.receivers.text.Cut;
import dev.muster.query.receivers.text.Texts;
import dev.muster.query.template.TemplateException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A message that is published by Amazon's Simple Notification Service.
///
/// @param client calls it
/// @param environment where keys and region come from that the settings leave open
/// @param clock time of signatures
record SnsMessage(
        SnsSettings settings,
        WebClient client,
        Map<String, String> environment,
        InstantSource clock)
        implements Message {
    private static final int SUBJECT_CHARS = 100;
    private static final int MESSAGE_BYTES = 256 << 10;
    private static final int SMS_BYTES = 1600;

    @Override
    public void tell(Notification notification, Texts texts)
            throws RefusedException, TemplateException, IOException, InterruptedException {
        String region = region();
        String api = texts.of(settings.apiUrl());
        String url = api.isEmpty() ? "https://sns." + region + ".amazonaws.com" : api;
        Call call =
                Call.form(
                        Parts.url(url.endsWith("/") ? url : url + "/"),
                        Parts.form(form(notification, texts)));
        Verdicts.check(client.send(signer(region).signed(call, clock.instant())));
    }

    private String region() throws RefusedException {
        String region =
                settings.region().isEmpty()
                        ? environment.getOrDefault(
                                "AWS_REGION", environment.getOrDefault("AWS_DEFAULT_REGION", ""))
                        : settings.region();
        if (region.isEmpty()) {
            throw RefusedException.forGood(
                    FailureReason.OTHER, "region must be given in sigv4 or as AWS_REGION");
        }
        return region;
    }

    private SigV4 signer(String region) throws RefusedException, IOException {
        boolean own = settings.accessKey().isPresent();
        String access =
                settings.accessKey().orElse(environment.getOrDefault("AWS_ACCESS_KEY_ID", ""));
        String secret =
                own
                        ? settings.secretKey().orElse(Secret.of("")).read()
                        : environment.getOrDefault("AWS_SECRET_ACCESS_KEY", "");
        if (access.isEmpty() || secret.isEmpty()) {
            throw RefusedException.forGood(
                    FailureReason.OTHER,
                    "keys must be given in sigv4 or as AWS_ACCESS_KEY_ID and"
                            + " AWS_SECRET_ACCESS_KEY");
        }
        Optional<String> session =
                own ? Optional.empty() : Optional.ofNullable(environment.get("AWS_SESSION_TOKEN"));
        return new SigV4(access, secret, session, region, "sns");
    }

    private List<Map.Entry<String, String>> form(Notification notification, Texts texts)
            throws TemplateException {
        String topic = texts.of(settings.topicArn());
        String phone = texts.of(settings.phoneNumber());
        List<Map.Entry<String, String>> form = new ArrayList<>();
        form.add(Map.entry("Action", "Publish"));
        form.add(Map.entry("Version", "2010-03-31"));
        put(form, "TopicArn", topic);
        put(form, "PhoneNumber", phone);
        put(form, "TargetArn", texts.of(settings.targetArn()));
        if (phone.isEmpty()) {
            put(form, "Subject", subject(texts));
        }
        String whole = texts.of(settings.message());
        String message = Cut.toBytes(whole, phone.isEmpty() ? MESSAGE_BYTES : SMS_BYTES);
        form.add(Map.entry("Message", message));
        if (topic.endsWith(".fifo")) {
            String key = Parts.hash(notification);
            form.add(Map.entry("MessageDeduplicationId", key));
            form.add(Map.entry("MessageGroupId", key));
        }
        addAttributes(form, !message.equals(whole), texts);
        return form;
    }

    /// One line, as it becomes the subject of mails.
    private String subject(Texts texts) throws TemplateException {
        String line = texts.of(settings.subject()).replaceAll("\\p{Cntrl}+", " ").strip();
        return Cut.toChars(line, SUBJECT_CHARS);
    }

    private void addAttributes(List<Map.Entry<String, String>> form, boolean cut, Texts texts)
            throws TemplateException {
        SortedMap<String, String> attributes = new TreeMap<>();
        for (Map.Entry<String, String> attribute : settings.attributes().entrySet()) {
            attributes.put(attribute.getKey(), texts.of(attribute.getValue()));
        }
        if (cut) {
            attributes.put("truncated", "true");
        }
        int number = 0;
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            String prefix = "MessageAttributes.entry." + ++number + ".";
            form.add(Map.entry(prefix + "Name", attribute.getKey()));
            form.add(Map.entry(prefix + "Value.DataType", "String"));
            form.add(Map.entry(prefix + "Value.StringValue", attribute.getValue()));
        }
    }

    private static void put(List<Map.Entry<String, String>> form, String key, String text) {
        if (!text.isEmpty()) {
            form.add(Map.entry(key, text));
        }
    }
}
