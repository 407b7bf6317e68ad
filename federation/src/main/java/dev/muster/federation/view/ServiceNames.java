package dev.muster.federation.view;

import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.FrameReader;
import dev.muster.federation.member.FrameWriter;
import dev.muster.federation.member.ServiceState;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The names of one host's services in their order: what a stream sends once and then names by its
/// hash. Kept as bytes, some six a service where instances look alike. Immutable.
public final class ServiceNames {
    /// Of a host without services.
    public static final ServiceNames NONE = of(List.of());

    /// Most bytes of the names of one host.
    public static final int SIZE_LIMIT = 2 << 20;

    /// One service.
    ///
    /// @param job the scrape job
    /// @param instance the scraped address
    public record Name(String job, String instance) {}

    private static final int LENGTH_LIMIT = 4 * ServiceState.TEXT_LIMIT;

    private final byte[] bytes;
    private final int count;
    private final long hash;

    private ServiceNames(byte[] bytes, int count) {
        this.bytes = bytes;
        this.count = count;
        this.hash = Hash64.of(bytes);
    }

    /// The names of these services.
    public static ServiceNames of(List<ServiceState> services) {
        return ofNames(services.stream().map(s -> new Name(s.job(), s.instance())).toList());
    }

    private static ServiceNames ofNames(List<Name> names) {
        Map<String, Integer> jobs = new LinkedHashMap<>();
        names.forEach(name -> jobs.putIfAbsent(name.job, jobs.size()));
        var out = new FrameWriter(0);
        int start = out.size();
        out.varint(names.size()).varint(jobs.size());
        for (String job : jobs.keySet()) {
            byte[] utf8 = job.getBytes(StandardCharsets.UTF_8);
            out.varint(utf8.length).bytes(utf8);
        }
        byte[] before = new byte[0];
        for (Name name : names) {
            byte[] instance = name.instance.getBytes(StandardCharsets.UTF_8);
            int shared = Math.max(0, Arrays.mismatch(before, instance));
            if (Arrays.equals(before, instance)) {
                shared = instance.length;
            }
            out.varint(jobs.getOrDefault(name.job, 0)).varint(shared);
            out.varint(instance.length - shared);
            out.bytes(Arrays.copyOfRange(instance, shared, instance.length));
            before = instance;
        }
        return new ServiceNames(out.since(start), names.size());
    }

    /// Reads names: their length as a varint, then their bytes.
    ///
    /// @throws FrameException unless the bytes are what [#write] writes
    public static ServiceNames read(FrameReader in) throws FrameException {
        int start = in.position();
        List<Name> names = readNames(in);
        ServiceNames read = ofNames(names);
        if (!Arrays.equals(read.bytes, in.since(start))) {
            throw in.refuse("names must be in their shortest form");
        }
        return read;
    }

    private static List<Name> readNames(FrameReader in) throws FrameException {
        int count = in.varint(FrameReader.SERVICE_LIMIT);
        int jobCount = in.varcount(count, 1);
        List<String> jobs = new ArrayList<>(jobCount);
        for (int i = 0; i < jobCount; i++) {
            jobs.add(text(in.bytes(in.varint(LENGTH_LIMIT)), in));
        }
        List<Name> names = new ArrayList<>(count);
        byte[] before = new byte[0];
        for (int i = 0; i < count; i++) {
            int job = in.varint(Math.max(0, jobCount - 1));
            if (jobCount == 0) {
                throw in.refuse("a service must have a job");
            }
            int shared = in.varint(before.length);
            byte[] rest = in.bytes(in.varint(LENGTH_LIMIT - shared));
            byte[] instance = Arrays.copyOf(before, shared + rest.length);
            System.arraycopy(rest, 0, instance, shared, rest.length);
            names.add(new Name(jobs.get(job), text(instance, in)));
            before = instance;
        }
        return names;
    }

    private static String text(byte[] utf8, FrameReader in) throws FrameException {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
            if (text.length() > ServiceState.TEXT_LIMIT) {
                throw in.refuse(
                        "name must be at most "
                                + ServiceState.TEXT_LIMIT
                                + " characters: length="
                                + text.length());
            }
            return text;
        } catch (CharacterCodingException e) {
            throw in.refuse("name must be UTF-8: length=" + utf8.length);
        }
    }

    /// Writes the names.
    public void write(FrameWriter out) {
        out.bytes(bytes);
    }

    /// Bytes that [#write] writes.
    public int sizeBytes() {
        return bytes.length;
    }

    /// How many services.
    public int count() {
        return count;
    }

    /// What these names are called by.
    public long hash() {
        return hash;
    }

    /// All names, taken apart anew.
    public List<Name> list() {
        // the same walk as that of reading; these bytes were checked before
        List<Name> names = new ArrayList<>(count);
        var in = new Walk(bytes);
        in.next();
        int jobCount = in.next();
        String[] jobs = new String[jobCount];
        for (int i = 0; i < jobCount; i++) {
            int length = in.next();
            jobs[i] = new String(bytes, in.at, length, StandardCharsets.UTF_8);
            in.at += length;
        }
        byte[] before = new byte[0];
        for (int i = 0; i < count; i++) {
            String job = jobs[in.next()];
            int shared = in.next();
            int rest = in.next();
            byte[] instance = Arrays.copyOf(before, shared + rest);
            System.arraycopy(bytes, in.at, instance, shared, rest);
            in.at += rest;
            names.add(new Name(job, new String(instance, StandardCharsets.UTF_8)));
            before = instance;
        }
        return names;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ServiceNames names
                && hash == names.hash
                && Arrays.equals(bytes, names.bytes);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(hash);
    }

    @Override
    public String toString() {
        return list().toString();
    }

    /// Walks over varints that were checked before.
    static final class Walk {
        final byte[] bytes;
        int at;

        Walk(byte[] bytes) {
            this.bytes = bytes;
        }

        int next() {
            return (int) nextLong();
        }

        long nextLong() {
            long value = 0;
            int shift = 0;
            int next;
            do {
                next = bytes[at++];
                value |= (long) (next & 0x7F) << shift;
                shift += 7;
            } while (next < 0);
            return value;
        }
    }
}
