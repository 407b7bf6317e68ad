package dev.muster.federation.view;

import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.FrameReader;
import dev.muster.federation.member.FrameWriter;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.ServiceState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The states of one host's services, packed: two bits each, a few bytes for since when, and who
/// says so and why only where a service is not simply up by its own agent's word. Immutable.
public final class PackedServices {
    /*
     * bytes: kind EACH:    2 bits a service, the first lowest | base (zigzag varint) | since - base (varint) a service
     *                      | exceptions (varint), each: index - last index - 1 (varint), provenance (1), reason (varint, UTF-8)
     *        kind UNIFORM: health (1), provenance (1), reason (varint, UTF-8), since (zigzag varint)
     * base is the least since; UNIFORM stands exactly where two or more services are alike in all of these.
     */
    /// No services.
    public static final PackedServices NONE =
            new PackedServices(ServiceNames.NONE, pack(List.of()), new int[4]);

    private static final int EACH = 0;
    private static final int UNIFORM = 1;
    private static final long SINCE_LIMIT = 1L << 52;
    private static final int REASON_LIMIT = 4 * ServiceState.TEXT_LIMIT;

    private final ServiceNames names;
    private final byte[] bytes;
    private final short unknown;
    private final short up;
    private final short down;
    private final short maint;

    private PackedServices(ServiceNames names, byte[] bytes, int[] counts) {
        this.names = names;
        this.bytes = bytes;
        unknown = (short) counts[Health.UNKNOWN.code()];
        up = (short) counts[Health.UP.code()];
        down = (short) counts[Health.DOWN.code()];
        maint = (short) counts[Health.MAINT.code()];
    }

    private PackedServices(ServiceNames names, PackedServices states) {
        this.names = names;
        this.bytes = states.bytes;
        unknown = states.unknown;
        up = states.up;
        down = states.down;
        maint = states.maint;
    }

    /// These services, packed.
    public static PackedServices of(List<ServiceState> services) {
        return services.isEmpty() ? NONE : of(ServiceNames.of(services), services);
    }

    static PackedServices of(ServiceNames names, List<ServiceState> services) {
        int[] counts = new int[4];
        services.forEach(service -> counts[service.health().code()]++);
        return new PackedServices(names, pack(services), counts);
    }

    /// All services of those names in one state.
    static PackedServices uniform(
            ServiceNames names, Health health, Provenance by, String reason, long sinceMs) {
        if (names.count() == 0) {
            return NONE;
        }
        var one = new ServiceState("", "", health, by, reason, sinceMs);
        int[] counts = new int[4];
        counts[health.code()] = names.count();
        // two that are alike are packed as any number that is
        List<ServiceState> alike = names.count() == 1 ? List.of(one) : List.of(one, one);
        return new PackedServices(names, pack(alike), counts);
    }

    private static byte[] pack(List<ServiceState> services) {
        var out = new FrameWriter(0);
        int start = out.size();
        if (isUniform(services)) {
            ServiceState first = services.getFirst();
            out.u8(UNIFORM).u8(first.health().code()).u8(first.provenance().code());
            text(first.reason(), out);
            out.varint(zigzag(since(first)));
            return out.since(start);
        }
        out.u8(EACH);
        byte[] bits = new byte[(services.size() + 3) / 4];
        long base = services.stream().mapToLong(PackedServices::since).min().orElse(0);
        for (int i = 0; i < services.size(); i++) {
            bits[i / 4] |= (byte) (services.get(i).health().code() << (2 * (i % 4)));
        }
        out.bytes(bits);
        if (!services.isEmpty()) {
            out.varint(zigzag(base));
            services.forEach(service -> out.varint(since(service) - base));
        }
        packExceptions(services, out);
        return out.since(start);
    }

    private static void packExceptions(List<ServiceState> services, FrameWriter out) {
        out.varint(services.stream().filter(PackedServices::isException).count());
        int last = -1;
        for (int i = 0; i < services.size(); i++) {
            ServiceState service = services.get(i);
            if (isException(service)) {
                out.varint(i - last - 1).u8(service.provenance().code());
                text(service.reason(), out);
                last = i;
            }
        }
    }

    /// A time that is far from any is brought near, so that differences cannot overflow.
    private static long since(ServiceState service) {
        return Math.clamp(service.sinceMs(), -SINCE_LIMIT, SINCE_LIMIT);
    }

    private static boolean isException(ServiceState service) {
        return service.health() != Health.UP || service.provenance() != Provenance.OWN;
    }

    private static boolean isUniform(List<ServiceState> services) {
        if (services.size() < 2) {
            return false;
        }
        ServiceState first = services.getFirst();
        return services.stream()
                .allMatch(s ->
                        s.health() == first.health()
                                && s.provenance() == first.provenance()
                                && since(s) == since(first)
                                && s.reason().equals(first.reason()));
    }

    private static void text(String text, FrameWriter out) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.varint(utf8.length).bytes(utf8);
    }

    private static long zigzag(long value) {
        return (value << 1) ^ (value >> 63);
    }

    private static long unzigzag(long value) {
        return (value >>> 1) ^ -(value & 1);
    }

    /// The same services, with a table of jobs that is there already.
    @SuppressWarnings("ReferenceEquality") // whether there is anything new
    PackedServices sharing(Map<Long, byte[]> tables) {
        ServiceNames shared = names.sharing(tables);
        return shared == names ? this : new PackedServices(shared, this);
    }

    /// Writes the states, not the names.
    public void write(FrameWriter out) {
        out.bytes(bytes);
    }

    /// Reads what [#write] wrote.
    ///
    /// @throws FrameException unless it is exactly that
    public static PackedServices read(ServiceNames names, FrameReader in) throws FrameException {
        int start = in.position();
        int[] counts = new int[4];
        switch (in.u8()) {
            case EACH -> readEach(names.count(), in, counts);
            case UNIFORM -> readUniform(names.count(), in, counts);
            default -> throw in.refuse("kind of services must be 0 or 1");
        }
        return new PackedServices(names, in.since(start), counts);
    }

    private static void readUniform(int count, FrameReader in, int[] counts) throws FrameException {
        int health = health(in.u8(), in);
        Provenance.ofCode(in.u8());
        reason(health, in);
        refuseFar(unzigzag(in.varint()), in);
        if (count < 2) {
            throw in.refuse("states must be alike only where there are two: count=" + count);
        }
        counts[health] = count;
    }

    private static void readEach(int count, FrameReader in, int[] counts) throws FrameException {
        byte[] bits = in.bytes((count + 3) / 4);
        if (count % 4 != 0 && (bits[bits.length - 1] & 0xFF) >>> (2 * (count % 4)) != 0) {
            throw in.refuse("service bits must end with the last service: count=" + count);
        }
        boolean alike = readSinces(count, in);
        int exceptions = in.varcount(count, 3);
        int next = 0;
        int firstProvenance = -1;
        String firstReason = "";
        for (int i = 0; i < exceptions; i++) {
            int index = next + in.varint(FrameReader.SERVICE_LIMIT);
            if (index >= count) {
                throw in.refuse("exception must be of a service: index=" + index);
            }
            refuseNotUp(bits, next, index, in);
            int provenance = Provenance.ofCode(in.u8()).code();
            String reason = reason(code(bits, index), in);
            if (code(bits, index) == Health.UP.code() && provenance == Provenance.OWN.code()) {
                throw in.refuse("exception must be one: index=" + index);
            }
            alike &= i == 0 || (provenance == firstProvenance && reason.equals(firstReason));
            firstProvenance = provenance;
            firstReason = reason;
            next = index + 1;
        }
        refuseNotUp(bits, next, count, in);
        for (int i = 0; i < count; i++) {
            counts[code(bits, i)]++;
        }
        boolean oneHealth = Arrays.stream(counts).anyMatch(n -> n == count);
        if (count > 1 && alike && oneHealth && (exceptions == 0 || exceptions == count)) {
            throw in.refuse("states that are alike must be told once");
        }
    }

    /// @return whether all are the same
    private static boolean readSinces(int count, FrameReader in) throws FrameException {
        if (count == 0) {
            return true;
        }
        long base = unzigzag(in.varint());
        refuseFar(base, in);
        long least = Long.MAX_VALUE;
        long most = 0;
        for (int i = 0; i < count; i++) {
            long after = in.varint();
            refuseFar(after, in);
            refuseFar(base + after, in);
            least = Math.min(least, after);
            most = Math.max(most, after);
        }
        if (least != 0) {
            throw in.refuse("since must count from the least: found=" + least);
        }
        return most == 0;
    }

    private static void refuseFar(long sinceMs, FrameReader in) throws FrameException {
        if (sinceMs < -SINCE_LIMIT || sinceMs > SINCE_LIMIT) {
            throw in.refuse("since must be a time: found=" + sinceMs);
        }
    }

    private static void refuseNotUp(byte[] bits, int from, int to, FrameReader in)
            throws FrameException {
        for (int i = from; i < to; i++) {
            if (code(bits, i) != Health.UP.code()) {
                throw in.refuse("a service that is not up must say why: index=" + i);
            }
        }
    }

    private static int health(int code, FrameReader in) throws FrameException {
        if (code > 3) {
            throw in.refuse("health must be 0 to 3: found=" + code);
        }
        return code;
    }

    private static String reason(int health, FrameReader in) throws FrameException {
        byte[] utf8 = in.bytes(in.varint(REASON_LIMIT));
        String reason = FrameReader.utf8(utf8, 0, utf8.length);
        if (reason == null) {
            throw in.refuse("reason must be UTF-8: length=" + utf8.length);
        }
        if (reason.length() > ServiceState.TEXT_LIMIT
                || reason.isEmpty() != (health == Health.UP.code())) {
            throw in.refuse(
                    "reason must stand exactly where a service is not up: health="
                            + health
                            + ", length="
                            + reason.length());
        }
        return reason;
    }

    private static int code(byte[] bits, int index) {
        return (bits[index / 4] >>> (2 * (index % 4))) & 3;
    }

    /// The names, in the order of the states.
    public ServiceNames names() {
        return names;
    }

    /// How many services.
    public int count() {
        return names.count();
    }

    /// How many services are in that state.
    public int count(Health health) {
        return switch (health) {
            case UNKNOWN -> unknown;
            case UP -> up;
            case DOWN -> down;
            case MAINT -> maint;
        };
    }

    /// The state of the service in that place.
    public Health health(int index) {
        if (bytes[0] == UNIFORM) {
            return Health.ofCode(bytes[1]);
        }
        return Health.ofCode((bytes[1 + index / 4] >>> (2 * (index % 4))) & 3);
    }

    /// All services, taken apart anew.
    public List<ServiceState> list() {
        List<ServiceNames.Name> all = names.list();
        List<ServiceState> services = new ArrayList<>(all.size());
        var in = new ServiceNames.Walk(bytes);
        if (in.next() == UNIFORM) {
            Health health = Health.ofCode(in.next());
            Provenance by = provenance(in.next());
            String reason = text(in);
            long sinceMs = unzigzag(in.nextLong());
            all.forEach(n ->
                    services.add(
                            new ServiceState(n.job(), n.instance(), health, by, reason, sinceMs)));
            return services;
        }
        in.at += (count() + 3) / 4;
        long base = count() == 0 ? 0 : unzigzag(in.nextLong());
        long[] sinces = new long[count()];
        for (int i = 0; i < sinces.length; i++) {
            sinces[i] = base + in.nextLong();
        }
        int exceptions = in.next();
        int exception = exceptions == 0 ? -1 : in.next();
        for (int i = 0; i < sinces.length; i++) {
            Provenance by = Provenance.OWN;
            String reason = "";
            if (i == exception) {
                by = provenance(in.next());
                reason = text(in);
                exceptions--;
                exception = exceptions == 0 ? -1 : i + 1 + in.next();
            }
            ServiceNames.Name n = all.get(i);
            services.add(new ServiceState(n.job(), n.instance(), health(i), by, reason, sinces[i]));
        }
        return services;
    }

    private static Provenance provenance(int code) {
        try {
            return Provenance.ofCode(code);
        } catch (FrameException e) {
            throw new IllegalStateException("checked when it was read", e);
        }
    }

    private static String text(ServiceNames.Walk in) {
        int length = in.next();
        String text = new String(in.bytes, in.at, length, StandardCharsets.UTF_8);
        in.at += length;
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof PackedServices that
                        && Arrays.equals(bytes, that.bytes)
                        && names.equals(that.names));
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(bytes) + names.hashCode();
    }

    @Override
    public String toString() {
        return list().toString();
    }
}
