package dev.muster.federation.directory;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Proves that a message of the directory comes from somebody who knows the fleet's secret, without
/// sending it. Immutable.
public final class FleetSeal {
    /*
     * The header is `v1 <unix ms> <hex of HMAC-SHA256(secret, "muster-directory-v1", role, ms, seal of the question, body)>`.
     * The roles of question and answer differ, and an answer is bound to its question. Who listens can repeat a question
     * for a few minutes: it is a merge by maximum, so that changes nothing. It does not encrypt.
     */
    /// The HTTP header that carries it.
    public static final String HEADER = "Muster-Directory";

    /// How much clocks of two agents may differ.
    private static final long AGE_MS = 5L * 60 * 1000;

    private static final String DOMAIN = "muster-directory-v1";
    private static final int SECRET_MIN = 8;

    private final SecretKeySpec key;

    /// @throws IllegalArgumentException if the secret is shorter than 8 characters
    public FleetSeal(String secret) {
        if (secret.length() < SECRET_MIN) {
            throw new IllegalArgumentException(
                    "directory secret must be at least "
                            + SECRET_MIN
                            + " characters: length="
                            + secret.length());
        }
        key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    }

    /// The header of a message.
    ///
    /// @param question the header of the question that this answers; empty for a question
    public String seal(String question, byte[] body, long nowUnixMs) {
        return "v1 " + nowUnixMs + " " + HexFormat.of().formatHex(mac(question, body, nowUnixMs));
    }

    /// Whether that header is of that message, and was made lately by somebody who knows the
    /// secret.
    public boolean holds(@Nullable String header, String question, byte[] body, long nowUnixMs) {
        String[] words = header == null ? new String[0] : header.split(" ", 4);
        if (words.length != 3 || !words[0].equals("v1")) {
            return false;
        }
        try {
            long sentMs = Long.parseLong(words[1]);
            return Math.abs(nowUnixMs - sentMs) <= AGE_MS
                    && MessageDigest.isEqual(
                            HexFormat.of().parseHex(words[2]), mac(question, body, sentMs));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private byte[] mac(String question, byte[] body, long ms) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(DOMAIN.getBytes(StandardCharsets.US_ASCII));
            mac.update((byte) (question.isEmpty() ? 1 : 2));
            mac.update(ByteBuffer.allocate(Long.BYTES).putLong(0, ms));
            mac.update(question.getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 must be there", e);
        }
    }
}
