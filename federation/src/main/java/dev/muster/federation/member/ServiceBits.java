package dev.muster.federation.member;

import java.util.Arrays;
import java.util.List;

/// Health of the services of one agent, two bits each, in the order of its report. Immutable.
public final class ServiceBits {
    /// Most services.
    public static final int LIMIT = 1024;

    /// No service.
    public static final ServiceBits NONE = new ServiceBits(0, new byte[0]);

    private final int size;

    /// Four services a byte, the first in the lowest bits; never written after the start.
    private final byte[] bits;

    private ServiceBits(int size, byte[] bits) {
        this.size = size;
        this.bits = bits;
    }

    /// The bits of these services, in their order.
    public static ServiceBits of(List<ServiceState> services) {
        int size = services.size();
        if (size > LIMIT) {
            throw new IllegalArgumentException(
                    "services must be at most " + LIMIT + ": size=" + size);
        }
        if (size == 0) {
            return NONE;
        }
        byte[] bits = new byte[(size + 3) / 4];
        for (int i = 0; i < size; i++) {
            bits[i / 4] |= (byte) (services.get(i).health().code() << (2 * (i % 4)));
        }
        return new ServiceBits(size, bits);
    }

    /// The bits as they came in a frame.
    ///
    /// @throws FrameException if they are cut, too many, or go on after the last service
    public static ServiceBits read(FrameReader in) throws FrameException {
        int size = in.u16();
        if (size > LIMIT) {
            throw in.refuse("services must be at most " + LIMIT + ": size=" + size);
        }
        byte[] bits = in.bytes((size + 3) / 4);
        if (size % 4 != 0 && (bits[bits.length - 1] & 0xFF) >>> (2 * (size % 4)) != 0) {
            throw in.refuse("service bits must end with the last service: size=" + size);
        }
        return size == 0 ? NONE : new ServiceBits(size, bits);
    }

    /// Writes the number of services in two bytes, then the bits.
    public void write(FrameWriter out) {
        out.u16(size);
        out.bytes(bits);
    }

    /// How many services.
    public int size() {
        return size;
    }

    /// Health of the service in that place of the report.
    public Health health(int index) {
        return Health.ofCode((bits[index / 4] >>> (2 * (index % 4))) & 3);
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof ServiceBits that
                        && size == that.size
                        && Arrays.equals(bits, that.bits));
    }

    @Override
    public int hashCode() {
        return 31 * size + Arrays.hashCode(bits);
    }

    /// One letter a service: `?` unknown, `+` up, `-` down, `m` maintenance.
    @Override
    public String toString() {
        var text = new StringBuilder(size);
        for (int i = 0; i < size; i++) {
            text.append("?+-m".charAt(health(i).code()));
        }
        return text.toString();
    }
}
