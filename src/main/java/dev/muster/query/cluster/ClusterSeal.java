package dev.muster.query.cluster;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Proves with each request that the asking node knows the cluster's secret, without sending it.
/// Thread-safe.
public final class ClusterSeal {
    /*
     * The header is `v1 <unix ms> <hex of HMAC-SHA256(secret, domain, ms, body)>`; the domain of shares is `muster-share-v1`. Who listens can repeat a request for
     * a few minutes, and so learn what he has heard already; he cannot ask anything else. It does not encrypt: that is for
     * the network below, as between members.
     */

    /// Name of the header.
    public static final String HEADER = "Muster-Cluster";

    /// How much clocks of two nodes may differ, and how old a request may be.
    private static final long AGE_MS = Duration.ofMinutes(5).toMillis();

    private static final String DOMAIN = "muster-share-v1";

    private final SecretKeySpec key;
    private final InstantSource clock;
    private final String domain;

    public ClusterSeal(String secret, InstantSource clock) {
        this(secret, clock, DOMAIN);
    }

    /// @param domain what the requests are for: one for another purpose does not hold
    public ClusterSeal(String secret, InstantSource clock, String domain) {
        this.domain = domain;
        key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
        this.clock = clock;
    }

    /// The header of a request with this body.
    public String seal(byte[] body) {
        long nowMs = clock.millis();
        return "v1 " + nowMs + " " + HexFormat.of().formatHex(mac(nowMs, body));
    }

    /// Was that request sent lately by somebody who knows the secret?
    public boolean holds(@Nullable String header, byte[] body) {
        if (header == null) {
            return false;
        }
        String[] words = header.split(" ", 4);
        if (words.length != 3 || !words[0].equals("v1")) {
            return false;
        }
        try {
            long sentMs = Long.parseLong(words[1]);
            return Math.abs(clock.millis() - sentMs) <= AGE_MS
                    && MessageDigest.isEqual(HexFormat.of().parseHex(words[2]), mac(sentMs, body));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private byte[] mac(long ms, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(domain.getBytes(StandardCharsets.US_ASCII));
            mac.update(ByteBuffer.allocate(Long.BYTES).putLong(0, ms));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 must be there", e);
        }
    }
}
