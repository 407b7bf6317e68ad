package dev.muster.federation.member;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/// Ways to spoil a frame.
public final class Damage {
    private Damage() {}

    /// Each single bit turned.
    public static void everyBit(byte[] frame, Consumer<byte[]> check) {
        for (int bit = 0; bit < frame.length * 8; bit++) {
            byte[] spoilt = frame.clone();
            spoilt[bit / 8] ^= (byte) (1 << bit % 8);
            check.accept(spoilt);
        }
    }

    /// Cut at each length.
    public static void everyLength(byte[] frame, Consumer<byte[]> check) {
        for (int length = 0; length < frame.length; length++) {
            check.accept(Arrays.copyOf(frame, length));
        }
    }

    /// A few bytes changed, cut or repeated, and the checksum made to fit: what an attacker would
    /// send.
    public static byte[] forged(byte[] frame, Random random) {
        int body = frame.length - 4;
        int length = random.nextInt(4) == 0 ? 4 + random.nextInt(body + 16) : body;
        byte[] forged = Arrays.copyOf(Arrays.copyOf(frame, Math.min(body, length)), length + 4);
        int changes = random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            forged[4 + random.nextInt(length - 4 + 1)] = (byte) random.nextInt(256);
        }
        var crc = new CRC32C();
        crc.update(forged, 0, length);
        int value = (int) crc.getValue();
        for (int i = 0; i < 4; i++) {
            forged[length + i] = (byte) (value >>> (24 - 8 * i));
        }
        return forged;
    }
}
