package dev.muster.query.receivers.deliver;

import dev.muster.query.receivers.Notification;
import dev.muster.query.receivers.settings.Secret;
import dev.muster.query.receivers.text.Texts;
import dev.muster.query.template.TemplateException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Parts that messages have in common.
final class Parts {
    private Parts() {}

    /// A name of the group that services take as key: SHA-256 in hexadecimal digits.
    static String hash(Notification notification) {
        try {
            byte[] key = notification.groupKey().getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK must have SHA-256", e);
        }
    }

    static boolean fires(Notification notification) {
        return !notification.firing().isEmpty();
    }

    /// A secret that may be a template.
    static String secret(Secret secret, Texts texts) throws IOException, TemplateException {
        String text = secret.read();
        return text.contains("{{") ? texts.of(text) : text;
    }

    /// A secret address. What is wrong with it is not told: it may bear a token.
    static URI url(Secret secret, Texts texts) throws IOException, TemplateException {
        return url(secret(secret, texts).strip());
    }

    static URI url(String text) throws IOException {
        try {
            URI url = new URI(text);
            boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (web && url.getHost() != null) {
                return url;
            }
        } catch (URISyntaxException _) {
            // told below
        }
        throw new IOException("url of the receiver must be one of http or https");
    }

    /// Puts a text where it is not empty.
    static void put(JsonObject object, String key, String text) {
        if (!text.isEmpty()) {
            object.put(key, text);
        }
    }

    /// Puts a list where it is not empty.
    static void put(JsonObject object, String key, JsonArray array) {
        if (!array.isEmpty()) {
            object.put(key, array);
        }
    }

    static JsonObject object(Map<String, String> map) {
        JsonObject object = new JsonObject();
        map.forEach(object::put);
        return object;
    }

    /// Parts of a text between commas.
    static JsonArray words(String text) {
        JsonArray words = new JsonArray();
        Arrays.stream(text.strip().split(",", -1))
                .filter(word -> !word.isEmpty())
                .forEach(words::add);
        return words;
    }

    /// A form, percent-encoded as signatures want it.
    static String form(List<Map.Entry<String, String>> fields) {
        return fields.stream()
                .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }
}
