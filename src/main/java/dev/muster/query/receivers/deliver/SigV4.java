package dev.muster.query.receivers.deliver;

import dev.muster.query.receivers.http.Call;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs calls as Amazon's services want it, by Signature Version 4.
///
/// @param session token of keys that hold for a while only
record SigV4(
        String accessKey,
        String secretKey,
        Optional<String> session,
        String region,
        String service) {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    /// The call with what proves who makes it.
    ///
    /// @param call whose URL has no query, or one in the order and form that is signed
    Call signed(Call call, Instant now) {
        String time = TIME.format(now);
        String day = time.substring(0, 8);
        SortedMap<String, String> headers = new TreeMap<>();
        call.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        headers.put("host", call.url().getAuthority());
        headers.put("x-amz-date", time);
        session.ifPresent(token -> headers.put("x-amz-security-token", token));
        String names = String.join(";", headers.keySet());
        String scope = day + "/" + region + "/" + service + "/aws4_request";
        String text =
                ALGORITHM
                        + "\n"
                        + time
                        + "\n"
                        + scope
                        + "\n"
                        + sha256(canonical(call, headers, names));
        String signature = HexFormat.of().formatHex(hmac(key(day), text));
        Call with = call.with("X-Amz-Date", time);
        if (session.isPresent()) {
            with = with.with("X-Amz-Security-Token", session.get());
        }
        return with.with(
                "Authorization",
                ALGORITHM
                        + " Credential="
                        + accessKey
                        + "/"
                        + scope
                        + ", SignedHeaders="
                        + names
                        + ", Signature="
                        + signature);
    }

    private static String canonical(
            Call call, SortedMap<String, String> headers, String signedHeaders) {
        URI url = call.url();
        String path = url.getRawPath();
        String query = url.getRawQuery();
        return String.join(
                "\n",
                call.method(),
                path == null || path.isEmpty() ? "/" : path,
                query == null ? "" : query,
                headers.entrySet().stream().map(SigV4::line).collect(Collectors.joining()),
                signedHeaders,
                sha256(call.body()));
    }

    private static String line(Map.Entry<String, String> header) {
        return header.getKey() + ":" + header.getValue().strip() + "\n";
    }

    private byte[] key(String day) {
        byte[] key = ("AWS4" + secretKey).getBytes(StandardCharsets.UTF_8);
        for (String part : new String[] {day, region, service, "aws4_request"}) {
            key = hmac(key, part);
        }
        return key;
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK must have HMAC-SHA256", e);
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK must have SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "SigV4[" + region + "/" + service + "]";
    }
}
