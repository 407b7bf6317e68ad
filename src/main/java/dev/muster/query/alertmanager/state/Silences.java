package dev.muster.query.alertmanager.state;

import dev.muster.model.labels.Labels;
import dev.muster.query.alertmanager.match.Matcher;
import dev.muster.query.alertmanager.state.SilenceException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/// All silences, with Alertmanager's rules of how they change: one that holds is changed in place
/// only in what does not change the past, otherwise it expires and another begins. Thread-safe.
public final class Silences {
    private static final int SIZE_LIMIT_CHARS = 64 << 10;

    private final int limit;
    private final Duration retention;
    private final Supplier<String> ids;
    private final BiConsumer<Silence, Boolean> changes;
    private final Map<String, Silence> silences = new ConcurrentHashMap<>();
    private final SilenceIndex index = new SilenceIndex();

    /// @param limit most silences that are kept
    /// @param retention how long one is kept after it has expired
    /// @param ids makes names
    /// @param changes is told of what this node changes, and whether it is new
    public Silences(
            int limit,
            Duration retention,
            Supplier<String> ids,
            BiConsumer<Silence, Boolean> changes) {
        this.limit = limit;
        this.retention = retention;
        this.ids = ids;
        this.changes = changes;
    }

    /// Makes a silence, or changes one.
    ///
    /// @return its name, which is another one where it could not be changed in place
    public synchronized String set(Silence wanted, Instant now) throws SilenceException {
        validate(wanted);
        Silence before = silences.get(wanted.id());
        if (!wanted.id().isEmpty() && before == null) {
            throw new SilenceException(Reason.NOT_FOUND, "silence not found");
        }
        if (before != null) {
            if (canBecome(before, wanted, now)) {
                change(wanted.with(wanted.id(), wanted.startsAt(), wanted.endsAt(), now));
                return wanted.id();
            }
        }
        if (silences.size() >= limit) {
            throw new SilenceException(
                    Reason.LIMIT, "exceeded maximum number of silences: limit=" + limit);
        }
        if (before != null && before.state(now) != Silence.State.EXPIRED) {
            expire(before.id(), now);
        }
        Instant starts = wanted.startsAt().isBefore(now) ? now : wanted.startsAt();
        Silence fresh = wanted.with(ids.get(), starts, wanted.endsAt(), now);
        change(fresh);
        return fresh.id();
    }

    private static boolean canBecome(Silence before, Silence wanted, Instant now) {
        if (!before.matchers().equals(wanted.matchers())) {
            return false;
        }
        return switch (before.state(now)) {
            case ACTIVE ->
                    wanted.startsAt().getEpochSecond() == before.startsAt().getEpochSecond()
                            && !wanted.endsAt().isBefore(now);
            case PENDING -> !wanted.startsAt().isBefore(now);
            case EXPIRED -> false;
        };
    }

    private static void validate(Silence silence) throws SilenceException {
        if (silence.matchers().isEmpty()) {
            throw invalid("at least one matcher required");
        }
        if (silence.matchers().stream().allMatch(matcher -> matcher.matches(""))) {
            throw invalid("at least one matcher must not match the empty string");
        }
        if (silence.endsAt().isBefore(silence.startsAt())) {
            throw invalid("end time must not be before start time");
        }
        long chars = silence.comment().length();
        chars += silence.createdBy().length();
        for (Matcher matcher : silence.matchers()) {
            chars += matcher.name().length();
            chars += matcher.value().length();
        }
        if (chars > SIZE_LIMIT_CHARS) {
            throw invalid("silence exceeded maximum size: limit=" + SIZE_LIMIT_CHARS);
        }
    }

    private static SilenceException invalid(String message) {
        return new SilenceException(Reason.INVALID, "invalid silence: " + message);
    }

    /// Ends a silence now; one that has expired stays as it is.
    public synchronized void expire(String id, Instant now) throws SilenceException {
        Silence silence = silences.get(id);
        if (silence == null) {
            throw new SilenceException(Reason.NOT_FOUND, "silence not found");
        }
        switch (silence.state(now)) {
            case EXPIRED -> {}
            case ACTIVE -> change(silence.with(id, silence.startsAt(), now, now));
            case PENDING -> change(silence.with(id, now, now, now));
        }
    }

    private void change(Silence silence) {
        changes.accept(silence, put(silence));
    }

    /// Keeps what another node says of a silence, unless something younger is known.
    ///
    /// @return whether it is kept
    public synchronized boolean putReplica(Silence silence) {
        Silence known = silences.get(silence.id());
        if (known == null ? silences.size() >= limit : !younger(silence, known)) {
            return false;
        }
        var _ = put(silence);
        return true;
    }

    /// @return whether there was none of its name
    private boolean put(Silence silence) {
        Silence before = silences.put(silence.id(), silence);
        index.replace(before, silence);
        return before == null;
    }

    private static boolean younger(Silence one, Silence other) {
        return one.updatedAt().isAfter(other.updatedAt());
    }

    /// The names of those that hold now and match, sorted.
    public List<String> silencing(Labels labels, Instant now) {
        List<String> found = new ArrayList<>();
        for (Silence silence : index.candidates(labels)) {
            if (silence.state(now) == Silence.State.ACTIVE
                    && Matcher.all(silence.matchers(), labels)) {
                found.add(silence.id());
            }
        }
        found.sort(null);
        return found;
    }

    /// The silence of a name.
    public Optional<Silence> find(String id) {
        return Optional.ofNullable(silences.get(id));
    }

    /// All that are kept, in no order.
    public Collection<Silence> all() {
        return List.copyOf(silences.values());
    }

    /// How many there are of a state.
    public long count(Silence.State state, Instant now) {
        return silences.values().stream().filter(silence -> silence.state(now) == state).count();
    }

    /// Forgets silences that expired long ago.
    ///
    /// @return how many
    public synchronized int collect(Instant now) {
        int before = silences.size();
        for (Silence silence : all()) {
            if (silence.endsAt().plus(retention).isBefore(now)) {
                silences.remove(silence.id());
                index.remove(silence);
            }
        }
        return before - silences.size();
    }
}
