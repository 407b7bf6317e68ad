package dev.muster.federation.view;

import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.FrameReader;
import dev.muster.federation.member.FrameWriter;
import dev.muster.federation.member.ServiceState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

    /// The numbers of services and jobs, and the jobs: many hosts have the same.
    private final byte[] jobs;

    private final byte[] instances;
    private final int count;
    private final long hash;

    private ServiceNames(byte[] jobs, byte[] instances, int count, long hash) {
        this.jobs = jobs;
        this.instances = instances;
        this.count = count;
        this.hash = hash;
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
        int middle = out.size() - start;
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
        byte[] bytes = out.since(start);
        return new ServiceNames(
                Arrays.copyOf(bytes, middle),
                Arrays.copyOfRange(bytes, middle, bytes.length),
                names.size(),
                Hash64.of(bytes));
    }

    /// The same names, with a table of jobs that is there already.
    ///
    /// @param tables by their hash; one that is new is added
    @SuppressWarnings("ReferenceEquality") // whether it is that very table
    ServiceNames sharing(Map<Long, byte[]> tables) {
        byte[] known = tables.computeIfAbsent(Hash64.of(jobs), _ -> jobs);
        return known == jobs || !Arrays.equals(known, jobs)
                ? this
                : new ServiceNames(known, instances, count, hash);
    }

    /// Reads names.
    ///
    /// @throws FrameException unless the bytes are what [#write] writes
    public static ServiceNames read(FrameReader in) throws FrameException {
        return read(in, NONE);
    }

    /// Reads names.
    ///
    /// @param before others, whose table of jobs is taken where it is the same
    /// @throws FrameException unless the bytes are what [#write] writes
    public static ServiceNames read(FrameReader in, ServiceNames before) throws FrameException {
        int start = in.position();
        byte[] jobs = before.jobs;
        if (!in.takes(jobs)) {
            checkJobs(in);
            jobs = in.since(start);
        }
        var table = new Walk(jobs);
        int count = table.next();
        int middle = in.position();
        checkInstances(in, count, table.next());
        byte[] all = in.since(start);
        byte[] instances = in.since(middle);
        return new ServiceNames(jobs, instances, count, Hash64.of(all));
    }

    private static void checkJobs(FrameReader in) throws FrameException {
        int count = in.varint(FrameReader.SERVICE_LIMIT);
        int jobCount = in.varcount(count, 1);
        Set<String> jobs = new HashSet<>();
        for (int i = 0; i < jobCount; i++) {
            byte[] utf8 = in.bytes(in.varint(LENGTH_LIMIT));
            if (!jobs.add(text(utf8, utf8.length, in))) {
                throw notShortest(in);
            }
        }
    }

    /// Looks at the names without making any: a query node reads a million.
    private static void checkInstances(FrameReader in, int count, int jobCount)
            throws FrameException {
        byte[] instance = new byte[LENGTH_LIMIT];
        int length = 0;
        int ascii = 0; // so many bytes at its beginning are known to be ASCII
        int jobs = 0; // so many have been named: each first comes after all before it
        for (int i = 0; i < count; i++) {
            int job = in.varint(Math.max(0, jobCount - 1));
            if (jobCount == 0) {
                throw in.refuse("a service must have a job");
            }
            int shared = in.varint(length);
            int rest = in.varint(LENGTH_LIMIT - shared);
            byte next = instance[Math.min(shared, LENGTH_LIMIT - 1)];
            in.bytes(rest, instance, shared);
            if (job > jobs || (rest > 0 && shared < length && instance[shared] == next)) {
                throw notShortest(in);
            }
            jobs = Math.max(jobs, job + 1);
            length = shared + rest;
            ascii = Math.min(ascii, shared);
            while (ascii < length && instance[ascii] >= 0) {
                ascii++;
            }
            if (ascii < length || length > ServiceState.TEXT_LIMIT) {
                var _ = text(instance, length, in);
            }
        }
        if (jobs < jobCount) {
            throw notShortest(in);
        }
    }

    private static FrameException notShortest(FrameReader in) {
        return in.refuse("names must be in their shortest form");
    }

    private static String text(byte[] utf8, int length, FrameReader in) throws FrameException {
        String text = FrameReader.utf8(utf8, 0, length);
        if (text == null) {
            throw in.refuse("name must be UTF-8: length=" + length);
        }
        if (text.length() > ServiceState.TEXT_LIMIT) {
            throw in.refuse(
                    "name must be at most "
                            + ServiceState.TEXT_LIMIT
                            + " characters: length="
                            + text.length());
        }
        return text;
    }

    /// Writes the names.
    public void write(FrameWriter out) {
        out.bytes(jobs).bytes(instances);
    }

    /// Bytes that [#write] writes.
    public int sizeBytes() {
        return jobs.length + instances.length;
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
        String[] table = table();
        var in = new Walk(instances);
        byte[] before = new byte[0];
        for (int i = 0; i < count; i++) {
            String job = table[in.next()];
            int shared = in.next();
            int rest = in.next();
            byte[] instance = Arrays.copyOf(before, shared + rest);
            System.arraycopy(instances, in.at, instance, shared, rest);
            in.at += rest;
            names.add(new Name(job, new String(instance, StandardCharsets.UTF_8)));
            before = instance;
        }
        return names;
    }

    private String[] table() {
        var in = new Walk(jobs);
        in.next();
        String[] table = new String[in.next()];
        for (int i = 0; i < table.length; i++) {
            int length = in.next();
            table[i] = new String(jobs, in.at, length, StandardCharsets.UTF_8);
            in.at += length;
        }
        return table;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof ServiceNames names
                        && hash == names.hash
                        && Arrays.equals(jobs, names.jobs)
                        && Arrays.equals(instances, names.instances));
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
