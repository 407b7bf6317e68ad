package dev.muster.query.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// The page of `/why`, the same as an agent's: it asks this node, which asks the agent of the host.
/// It is packed with this node, so that no agent can put a script into it. Thread-safe.
final class WhyPage {
    private static final String NAME = "why.html";

    private record Loaded(Buffer html, String policy) {}

    private volatile @Nullable Loaded loaded;

    void send(HttpServerResponse response) {
        Loaded page = loaded;
        if (page == null) {
            page = load();
            loaded = page;
        }
        response.putHeader("Content-Type", "text/html; charset=utf-8")
                .putHeader("Content-Security-Policy", page.policy())
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cache-Control", "no-cache")
                .end(page.html());
    }

    private static Loaded load() {
        try (InputStream in = WhyPage.class.getResourceAsStream(NAME)) {
            if (in == null) {
                throw new IllegalStateException("resource must be packed: name=" + NAME);
            }
            String html = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            String policy =
                    "default-src 'none'; connect-src 'self'; img-src 'self' data:; base-uri 'none';"
                            + " form-action 'self'; frame-ancestors 'none'; style-src '"
                            + hash(html, "style")
                            + "'; script-src '"
                            + hash(html, "script")
                            + "'";
            return new Loaded(Buffer.buffer(html), policy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The hash of what stands in the only element of that name.
    private static String hash(String html, String element) {
        String open = "<" + element + ">";
        int start = html.indexOf(open) + open.length();
        int end = html.indexOf("</" + element + ">", start);
        if (start < open.length() || end < 0) {
            throw new IllegalStateException("page must have an element: name=" + element);
        }
        try {
            byte[] sum =
                    MessageDigest.getInstance("SHA-256")
                            .digest(html.substring(start, end).getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(sum);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
