package dev.muster.agent.push;

import dev.muster.agent.exposition.EncodedBody;
import dev.muster.agent.exposition.EncodedFamily;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.journal.Changes;
import dev.muster.agent.journal.Journal;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The groups of pushed metrics. A change is on disk before its method returns. Thread-safe.
public final class PushStore implements AutoCloseable {
    /*
     * Changes are checked, logged and applied under one lock, and forced to disk outside of it, so
     * that several pushes share a force. A reader may see a push a moment before the one who pushed
     * is told; a push that could not be forced was applied, but is refused.
     */
    private static final Logger LOG = System.getLogger(PushStore.class.getName());
    private static final String EXTENSION = "push";
    private static final String MAGIC = "MUSTERP1";

    /// Below that the log is not written anew.
    private static final long COMPACT_BYTES = 4 << 20;

    private final PushLimits limits;
    private final InstantSource clock;
    private final PushMetrics metrics = new PushMetrics();
    private final Map<GroupKey, PushGroup> groups = new TreeMap<>();
    private final Map<String, Map<GroupKey, PushGroup>> byJob = new HashMap<>();
    private final FamilyTypes types = new FamilyTypes();
    private final Changes changed = new Changes();
    private final Journal journal;
    private long heldBytes;
    private long writtenAnewBytes;

    /// Reads back what was pushed.
    ///
    /// @param directory of the log; made if it is not there
    /// @throws IOException if the log cannot be read
    public PushStore(Path directory, PushLimits limits, InstantSource clock) throws IOException {
        this.limits = limits;
        this.clock = clock;
        journal =
                new Journal(directory, EXTENSION, MAGIC, bytes -> apply(PushRecord.decode(bytes)));
        writtenAnewBytes = journal.sizeBytes();
    }

    /// Takes a push.
    ///
    /// @param replace the group then has nothing else; otherwise families of other names stay
    /// @param body its metrics carry the labels of the group
    /// @param ttlMs lifetime of the group; 0 for ever, empty for the default
    /// @throws PushException if it is refused, or could not be kept
    public void push(GroupKey key, boolean replace, EncodedBody body, OptionalLong ttlMs)
            throws PushException {
        boolean isNew;
        synchronized (this) {
            Instant now = clock.instant();
            double seconds = seconds(now);
            List<EncodedFamily> families =
                    body.families().stream()
                            .filter(family -> !PushGroup.isStamp(family.name()))
                            .toList();
            long ttl = ttlMs.orElse(limits.ttlMs());
            long expiresMs = ttl == 0 ? 0 : now.toEpochMilli() + ttl;
            var record = new PushRecord.Pushed(key, replace, seconds, expiresMs, families);
            try {
                check(record, body);
            } catch (PushException e) {
                if (e.fault() != PushFault.LIMIT) {
                    failed(key, seconds);
                }
                throw refused(e);
            }
            isNew = !groups.containsKey(key);
            log(record);
            apply(record);
            (replace ? metrics.replaced : metrics.merged).increment();
            compactIfLarge();
        }
        finish(isNew);
    }

    private static double seconds(Instant now) {
        return now.getEpochSecond() + now.getNano() / 1e9;
    }

    private PushException refused(PushException e) {
        metrics.refused(e.fault());
        return e;
    }

    private void check(PushRecord.Pushed push, EncodedBody body) throws PushException {
        if (body.tooLarge()) {
            throw tooLarge();
        }
        if (body.hasTimestamps()) {
            throw new PushException(PushFault.TIMESTAMP, "pushed metrics must not have timestamps");
        }
        if (!body.repeated().isEmpty()) {
            throw new PushException(
                    PushFault.INCONSISTENT,
                    "metric must be in a group once, with the same name and label values: found="
                            + body.repeated());
        }
        @Nullable PushGroup before = groups.get(push.key());
        PushGroup after = applied(before, push);
        checkRoom(before, after);
        if (before != null) {
            types.remove(before);
        }
        Optional<String> conflict = types.conflict(after);
        if (before != null) {
            types.add(before);
        }
        if (conflict.isPresent()) {
            throw new PushException(PushFault.INCONSISTENT, conflict.get());
        }
        checkOtherGroups(push);
    }

    private void checkRoom(@Nullable PushGroup before, PushGroup after) throws PushException {
        if (before == null && groups.size() >= limits.groups()) {
            throw new PushException(
                    PushFault.LIMIT,
                    "agent must have at most "
                            + limits.groups()
                            + " groups (muster.push.max-groups)");
        }
        if (after.body().length > limits.groupBytes()) {
            throw tooLarge();
        }
        long bytes = heldBytes + after.body().length - (before == null ? 0 : before.body().length);
        if (bytes > limits.bytes()) {
            throw new PushException(
                    PushFault.LIMIT,
                    "groups must have at most bytes="
                            + limits.bytes()
                            + " together (muster.push.group-memory-limit): found="
                            + bytes);
        }
    }

    private PushException tooLarge() {
        return new PushException(
                PushFault.LIMIT,
                "group must have at most bytes="
                        + limits.groupBytes()
                        + " as it is held, a quarter of muster.push.group-memory-limit");
    }

    /// Two groups may have the same series where one has the labels of the other among those of its
    /// metrics.
    private void checkOtherGroups(PushRecord.Pushed push) throws PushException {
        for (PushGroup other : byJob.getOrDefault(push.key().job(), Map.of()).values()) {
            if (other.key().equals(push.key()) || !push.key().meets(other.key())) {
                continue;
            }
            for (EncodedFamily family : push.families()) {
                if (other.families().containsKey(family.name())
                        && haveOneInCommon(family.identities(), other.identities(family.name()))) {
                    throw new PushException(
                            PushFault.INCONSISTENT,
                            "metric must be in one group only: name="
                                    + family.name()
                                    + ", the same labels are in group="
                                    + other.key().path());
                }
            }
        }
    }

    private static boolean haveOneInCommon(long[] one, long[] other) {
        int i = 0;
        int k = 0;
        while (i < one.length && k < other.length) {
            if (one[i] == other[k]) {
                return true;
            }
            if (one[i] < other[k]) {
                i++;
            } else {
                k++;
            }
        }
        return false;
    }

    private void failed(GroupKey key, double seconds) {
        if (!groups.containsKey(key) && groups.size() >= limits.groups()) {
            return;
        }
        PushRecord record = new PushRecord.Failed(key, seconds);
        try {
            log(record);
        } catch (PushException e) {
            // told by the log's own error; the answer is about the push
            return;
        }
        boolean isNew = !groups.containsKey(key);
        apply(record);
        if (isNew) {
            changed.tell();
        }
    }

    private void log(PushRecord record) throws PushException {
        try {
            journal.append(record.encode());
        } catch (IOException e) {
            throw refused(notKept(e));
        }
    }

    private void finish(boolean groupsChanged) throws PushException {
        try {
            journal.sync();
        } catch (IOException e) {
            throw refused(notKept(e));
        }
        if (groupsChanged) {
            changed.tell();
        }
    }

    private static PushException notKept(IOException e) {
        return new PushException(
                PushFault.DISK, "push could not be written to disk: " + e.getMessage());
    }

    private void apply(PushRecord record) {
        switch (record) {
            case PushRecord.Pushed push -> put(applied(groups.get(push.key()), push));
            case PushRecord.Failed(var key, var seconds) ->
                    put(groups.getOrDefault(key, PushGroup.empty(key)).failed(seconds));
            case PushRecord.Deleted(var key) -> remove(key);
            case PushRecord.Wiped() -> List.copyOf(groups.keySet()).forEach(this::remove);
            case PushRecord.Held held ->
                    put(
                            PushGroup.restored(
                                    held.key(),
                                    held.families(),
                                    held.pushedSeconds(),
                                    held.failedSeconds(),
                                    held.expiresMs()));
        }
    }

    private static PushGroup applied(@Nullable PushGroup before, PushRecord.Pushed push) {
        PushGroup group = before == null ? PushGroup.empty(push.key()) : before;
        return group.with(
                family -> !push.replace() || PushGroup.isStamp(family.name()),
                push.families(),
                push.seconds(),
                push.expiresMs());
    }

    private void put(PushGroup group) {
        remove(group.key());
        groups.put(group.key(), group);
        byJob.computeIfAbsent(group.key().job(), _ -> new HashMap<>()).put(group.key(), group);
        types.add(group);
        heldBytes += group.body().length;
    }

    private void remove(GroupKey key) {
        @Nullable PushGroup before = groups.remove(key);
        if (before != null) {
            @Nullable Map<GroupKey, PushGroup> job = byJob.get(key.job());
            if (job != null && job.remove(key) != null && job.isEmpty()) {
                byJob.remove(key.job());
            }
            types.remove(before);
            heldBytes -= before.body().length;
        }
    }

    /// Deletes a group; one that is not there is gone already.
    ///
    /// @throws PushException if that could not be kept
    public void delete(GroupKey key) throws PushException {
        synchronized (this) {
            if (!groups.containsKey(key)) {
                return;
            }
            PushRecord record = new PushRecord.Deleted(key);
            log(record);
            apply(record);
            metrics.deleted.increment();
        }
        finish(true);
    }

    /// Deletes all groups.
    ///
    /// @throws PushException if that could not be kept
    public void wipe() throws PushException {
        synchronized (this) {
            PushRecord record = new PushRecord.Wiped();
            log(record);
            apply(record);
            metrics.wiped.increment();
            compact();
        }
        finish(true);
    }

    /// Deletes groups whose lifetime is over. To be called every second.
    public void expire() {
        boolean gone = false;
        synchronized (this) {
            long nowMs = clock.millis();
            for (PushGroup group : List.copyOf(groups.values())) {
                if (group.expiresMs() != 0 && group.expiresMs() <= nowMs) {
                    PushRecord record = new PushRecord.Deleted(group.key());
                    try {
                        log(record);
                    } catch (PushException e) {
                        // it is over all the same, also after a restart
                    }
                    apply(record);
                    metrics.expired.increment();
                    gone = true;
                }
            }
        }
        if (gone) {
            changed.tell();
        }
    }

    private void compactIfLarge() {
        long size = journal.sizeBytes();
        if (size > COMPACT_BYTES && size > 2 * writtenAnewBytes) {
            compact();
        }
    }

    private void compact() {
        try {
            journal.restart(
                    groups.values().stream()
                            .map(group -> PushRecord.held(group).encode())
                            .iterator());
            metrics.compactions.increment();
        } catch (IOException e) {
            metrics.compactionFailures.increment();
            LOG.log(Level.WARNING, "log of pushes could not be written anew and goes on", e);
        }
        writtenAnewBytes = journal.sizeBytes();
    }

    /// All groups, by key.
    public synchronized Collection<PushGroup> groups() {
        return List.copyOf(groups.values());
    }

    public synchronized Optional<PushGroup> group(GroupKey key) {
        return Optional.ofNullable(groups.get(key));
    }

    PushLimits limits() {
        return limits;
    }

    /// Counts a push that was refused before it came here.
    public void countRefused(PushFault fault) {
        metrics.refused(fault);
    }

    public void writeMetrics(ExpositionWriter out) {
        int count;
        long bytes;
        synchronized (this) {
            count = groups.size();
            bytes = heldBytes;
        }
        metrics.write(out, count, bytes, journal);
    }

    /// Tells when groups came or went.
    Changes changes() {
        return changed;
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
