package dev.muster.federation.udp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/// The last eight bytes of a datagram: they prove that the sender knows the secret of the cell.
/// Without a secret they only prove that it means the same cell, and that nothing was damaged.
final class Seal {
    static final int BYTES = 8;

    private final SipHash hash;

    private Seal(SipHash hash) {
        this.hash = hash;
    }

    static Seal of(String cell, Optional<String> secret) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update("muster datagram 1\0".getBytes(StandardCharsets.UTF_8));
            digest.update(cell.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            digest.update(secret.orElse("").getBytes(StandardCharsets.UTF_8));
            ByteBuffer key = ByteBuffer.wrap(digest.digest());
            return new Seal(new SipHash(key.getLong(), key.getLong()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 must be there", e);
        }
    }

    /// Ends the datagram in the buffer, from 0 to its position.
    void close(ByteBuffer datagram) {
        datagram.putLong(hash.of(datagram, 0, datagram.position()));
    }

    /// Whether the datagram, from 0 to the limit of the buffer, ends as it must.
    boolean holds(ByteBuffer datagram) {
        int end = datagram.limit() - BYTES;
        return end > 0 && datagram.getLong(end) == hash.of(datagram, 0, end);
    }
}
