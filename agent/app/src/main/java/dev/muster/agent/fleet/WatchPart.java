package dev.muster.agent.fleet;

import dev.muster.federation.detect.ProbeResult;
import dev.muster.federation.directory.Aged;
import dev.muster.federation.directory.CellEntry;
import dev.muster.federation.directory.Contact;
import dev.muster.federation.directory.Version;
import dev.muster.federation.directory.WatchResult;
import dev.muster.federation.directory.WatchSpeaker;
import dev.muster.federation.directory.Watchers;
import dev.muster.federation.view.CellView;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Watches over other cells, while this agent is the first of those that stand for its own: knocks
/// at three agents of each watched cell every second, and at all hosts of one that is in doubt. Its
/// rounds are confined to one thread; knocks run on virtual threads.
final class WatchPart {
    /// Knocks that may be going on at one time.
    private static final int KNOCK_LIMIT = 256;

    /// How old an answer may be to count for a round: rounds are a second apart, a knock takes less
    /// than one and a half.
    private static final long ANSWER_MS = 2_500;

    /// A cell in doubt has all its hosts asked every so many rounds.
    private static final int ROW_ROUNDS = 2;

    /// This agent is believed when some other cell answered it within that time.
    private static final long CONTACT_MS = 10_000;

    private static final int CELLS_LIMIT = 64;

    private record Knocked(ProbeResult result, long atMs) {}

    /// What is remembered of a watched cell.
    private static final class Watched {
        int silentRounds;
        long rounds;
        Optional<WatchResult> said = Optional.empty();
        long saidMs;
    }

    private final DirectoryPart directory;
    private final Rosters rosters;
    private final Function<String, ProbeResult> probe;
    private final InstantSource clock;
    private final String host;
    private final String zone;
    private final Map<String, Knocked> knocked = new ConcurrentHashMap<>();
    private final Map<String, Watched> watched = new HashMap<>();
    private final Semaphore knocking = new Semaphore(KNOCK_LIMIT);
    private final LongAdder knocks = new LongAdder();
    private final LongAdder overLimit = new LongAdder();
    private List<CellEntry> targets = List.of();
    private long targetsOf = -1;
    private String targetsFor = "";

    /// @param probe asks the agent at a URL for a sign of life; blocks for less than two seconds
    WatchPart(
            DirectoryPart directory,
            Rosters rosters,
            Function<String, ProbeResult> probe,
            InstantSource clock,
            String host,
            String zone) {
        this.directory = directory;
        this.rosters = rosters;
        this.probe = probe;
        this.clock = clock;
        this.host = host;
        this.zone = zone;
    }

    long knocks() {
        return knocks.sum();
    }

    long overLimit() {
        return overLimit.sum();
    }

    int cells() {
        return targets.size();
    }

    /// One round, once a second.
    ///
    /// @param first whether this agent is the one that watches for its cell
    void round(CellView view, boolean first, long nowMs) {
        if (!first) {
            watched.clear();
            knocked.clear();
            targets = List.of();
            targetsOf = -1;
            return;
        }
        findTargets(view.cell());
        watched.keySet().retainAll(targets.stream().map(CellEntry::cell).toList());
        knocked.values().removeIf(old -> nowMs - old.atMs > 4 * ANSWER_MS);
        for (CellEntry target : targets) {
            CellEntry entry = directory.cell(target.cell()).orElse(target);
            Watched state = watched.computeIfAbsent(entry.cell(), _ -> new Watched());
            if (state.rounds++ > 1) {
                judge(view, entry, state, nowMs);
            }
            knock(entry, state, nowMs);
        }
    }

    private void findTargets(String cell) {
        long changes = directory.changes();
        if (changes != targetsOf || !cell.equals(targetsFor)) {
            targetsOf = changes;
            targetsFor = cell;
            List<CellEntry> cells = directory.cells();
            targets = Watchers.watchedBy(cell, cells).stream().limit(CELLS_LIMIT).toList();
        }
    }

    private static boolean inDoubt(CellEntry entry, Watched state) {
        return !entry.hasQuorum() || state.silentRounds > 0;
    }

    private void knock(CellEntry entry, Watched state, long nowMs) {
        entry.contacts().forEach(contact -> knock(contact.httpUrl(), nowMs));
        rosters.want(entry);
        if (inDoubt(entry, state) && state.rounds % ROW_ROUNDS == 0) {
            rosters.of(entry).values().forEach(url -> knock(url, nowMs));
        }
    }

    private void knock(String url, long nowMs) {
        if (!knocking.tryAcquire()) {
            overLimit.increment();
            return;
        }
        knocks.increment();
        Thread.ofVirtual()
                .name("muster-knock")
                .start(() -> {
                    try {
                        knocked.put(url, new Knocked(probe.apply(url), nowMs));
                    } finally {
                        knocking.release();
                    }
                });
    }

    private void judge(CellView view, CellEntry entry, Watched state, long nowMs) {
        int asked = 0;
        int reachable = 0;
        for (Contact contact : entry.contacts()) {
            Optional<Boolean> alive = alive(contact.httpUrl(), nowMs);
            asked += alive.isPresent() ? 1 : 0;
            reachable += alive.orElse(false) ? 1 : 0;
        }
        state.silentRounds = asked > 0 && reachable == 0 ? state.silentRounds + 1 : 0;
        if (state.silentRounds > 0 && state.silentRounds < WatchSpeaker.SILENT_ROUNDS) {
            return;
        }
        say(result(view, entry, state, new int[] {asked, reachable}, nowMs), state, nowMs);
    }

    /// Whether there was a sign of life lately; empty if nobody asked.
    private Optional<Boolean> alive(String url, long nowMs) {
        @Nullable Knocked last = knocked.get(url);
        return last == null || nowMs - last.atMs > ANSWER_MS
                ? Optional.empty()
                : Optional.of(last.result != ProbeResult.SILENT);
    }

    private WatchResult result(
            CellView view, CellEntry entry, Watched state, int[] counts, long nowMs) {
        long probed = 0;
        long silent = 0;
        if (inDoubt(entry, state)) {
            SortedMap<String, String> roster = rosters.of(entry);
            int bit = 0;
            for (String url : roster.values()) {
                Optional<Boolean> alive = bit < Long.SIZE ? alive(url, nowMs) : Optional.empty();
                probed |= alive.isPresent() ? 1L << bit : 0;
                silent |= alive.isPresent() && !alive.get() ? 1L << bit : 0;
                bit++;
            }
        }
        Version version =
                directory
                        .watch(entry.cell(), view.cell())
                        .map(old -> old.version().next(view.observerIncarnation(), host))
                        .orElseGet(() -> Version.first(view.observerIncarnation(), host));
        return new WatchResult(
                entry.cell(),
                view.cell(),
                zone,
                counts[0],
                counts[1],
                healthy(view),
                probed == 0 ? 0 : entry.rosterHash(),
                probed,
                silent,
                clock.millis(),
                version);
    }

    /// A quorum of its own, and an answer of somebody else lately.
    private boolean healthy(CellView view) {
        boolean quorum =
                directory.cell(view.cell()).map(CellEntry::hasQuorum).orElse(false)
                        && 3L * view.membersUp() >= 2L * view.members().size();
        return quorum && directory.sinceHeardMs() <= CONTACT_MS;
    }

    private void say(WatchResult now, Watched state, long nowMs) {
        List<Aged> others = new ArrayList<>(directory.watch(now.cell()));
        boolean disputed =
                others.stream()
                        .anyMatch(
                                aged -> aged.item() instanceof WatchResult other && other.silent());
        if (WatchSpeaker.shouldSpeak(now, state.said, nowMs - state.saidMs, disputed)) {
            directory.say(now);
            state.said = Optional.of(now);
            state.saidMs = nowMs;
        }
    }
}
