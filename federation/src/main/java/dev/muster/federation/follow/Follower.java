package dev.muster.federation.follow;

import dev.muster.federation.stream.CellPool;
import dev.muster.federation.stream.Hint;
import dev.muster.federation.view.CellState;
import dev.muster.federation.view.FleetState;
import dev.muster.federation.view.FleetView;
import dev.muster.federation.view.HostState;
import dev.muster.federation.view.ObserverView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Keeps a [FleetView] current: follows some agents of every cell, learns of others from their
/// views, and changes over when one is lost. Has no thread, clock or socket of its own: somebody
/// calls [#tick] several times a second, and the transport brings frames. Thread-safe.
public final class Follower implements AutoCloseable {
    /// How often [#tick] should be called.
    public static final long TICK_MS = 200;

    /// A stream that is not wanted any more is kept so long at most until others have taken over.
    private static final long LINGER_MS = 10_000;

    /// The first agent of a cell of which nothing is known may take so long until another is asked
    /// for the whole of it, too.
    private static final long FIRST_MS = 1_000;

    /// Most agents that are remembered to have failed.
    private static final int FAILURE_LIMIT = 16_384;

    private final FollowerConfig config;
    private final Choice choice;
    private final FleetView fleet;
    private final CellAddresses addresses;
    private final StreamTransport transport;
    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private final FollowerStats stats;
    private final FleetHints hints;

    private final Map<String, FollowedStream> streams = new ConcurrentHashMap<>();
    private final Map<String, CellPool> pools = new ConcurrentHashMap<>();

    /// The stream of each cell that came last, lost since or not: whoever is asked next need only
    /// tell what differs from what it knows.
    private final Map<String, FollowedStream> tellers = new ConcurrentHashMap<>();

    private final OpeningPace pace;
    private final Map<String, String> seedCells = new ConcurrentHashMap<>();
    private final Map<String, Failure> failures = new ConcurrentHashMap<>();

    /// Owned by who ticks.
    private final Map<String, Wanted> wantedByCell = new HashMap<>();

    private final Map<String, Long> unwantedSinceMs = new HashMap<>();
    private volatile boolean closed;
    private volatile Set<String> wantedUrls = Set.of();

    /// An agent that failed.
    ///
    /// @param count failures in a row
    /// @param retryMs when it may be asked again
    /// @param pausedUntilMs until when others go before it
    /// @param error why
    private record Failure(int count, long retryMs, long pausedUntilMs, String error) {}

    /// The agents wanted of a cell, and what that was concluded from.
    private record Wanted(CellState state, Set<String> paused, List<String> urls) {}

    /// @param nanoTime measures silence and pauses
    public Follower(
            FollowerConfig config,
            FleetView fleet,
            CellAddresses addresses,
            StreamTransport transport,
            LongSupplier nanoTime,
            RandomGenerator random,
            FollowerStats stats) {
        this.config = config;
        this.choice = new Choice(config.node(), config.perCell());
        this.fleet = fleet;
        this.addresses = addresses;
        this.transport = transport;
        this.nanoTime = nanoTime;
        this.random = random;
        this.stats = stats;
        this.hints = new FleetHints(this::nowMs);
        this.pace = new OpeningPace(config.maxOpening());
    }

    /// The agents followed now, and those that should be and cannot, by URL.
    public List<Followed> followed() {
        SortedMap<String, Followed> followed = new TreeMap<>();
        failures.forEach((url, failure) -> {
            if (wantedUrls.contains(url)) {
                followed.put(
                        url,
                        new Followed(url, "", "", false, false, 0, failure.count, failure.error));
            }
        });
        for (FollowedStream stream : streams.values()) {
            Failure failure = failures.get(stream.url());
            followed.put(
                    stream.url(),
                    failure == null
                            ? stream.state(0, "")
                            : stream.state(failure.count, failure.error));
        }
        return List.copyOf(followed.values());
    }

    /// What the agents hold, as far as it is known.
    public FleetHints hints() {
        return hints;
    }

    /// Counters.
    public FollowerStats stats() {
        return stats;
    }

    /// Looks at the time and decides whom to follow. Called by one thread.
    public void tick() {
        if (closed) {
            return;
        }
        // tells of silence, too
        FleetState state = fleet.state();
        streams.values().forEach(stream -> stream.watch(config));
        long nowMs = nowMs();
        forgetFailures(nowMs);
        decide(state, nowMs);
    }

    @Override
    public void close() {
        closed = true;
        streams.values().forEach(FollowedStream::close);
        streams.clear();
    }

    private void forgetFailures(long nowMs) {
        failures.entrySet()
                .removeIf(failure ->
                        nowMs > failure.getValue().pausedUntilMs
                                && !streams.containsKey(failure.getKey()));
        if (failures.size() > FAILURE_LIMIT) {
            failures.clear();
        }
    }

    private void decide(FleetState state, long nowMs) {
        Map<String, String> wanted = wanted(state, nowMs);
        wantedUrls = Set.copyOf(wanted.keySet());
        closeUnwanted(wanted.keySet(), nowMs);
        int opening = 0;
        Set<String> beginning = new HashSet<>();
        Set<String> hinted = new HashSet<>();
        for (FollowedStream stream : streams.values()) {
            if (stream.wantsHints()) {
                hinted.add(stream.wantedOf());
            }
            if (!stream.shown()) {
                opening++;
                if (nowMs - stream.openedMs() < FIRST_MS) {
                    beginning.add(stream.wantedOf());
                }
            }
        }
        for (Map.Entry<String, String> want : ordered(wanted)) {
            String url = want.getKey();
            String cell = want.getValue();
            Failure failure = failures.get(url);
            if (failure != null && nowMs < failure.retryMs) {
                continue;
            }
            Optional<FollowedStream.Base> base = base(cell);
            if (base.isEmpty() && beginning.contains(cell)) {
                continue;
            }
            if (opening >= pace.limit()) {
                stats.waited.increment();
                break;
            }
            opening++;
            boolean wantsHints = config.wantsHints() && hinted.add(cell);
            open(url, cell, base, failure == null ? 0 : failure.count, wantsHints);
            if (!cell.isEmpty()) {
                beginning.add(cell);
            }
        }
    }

    /// Those without a stream, in the order in which they are asked: first for cells of which
    /// nothing is known, so that all are there before a second agent of any says the same. Who has
    /// failed waits with the others, as it would keep them waiting.
    private List<Map.Entry<String, String>> ordered(Map<String, String> wanted) {
        List<Map.Entry<String, String>> first = new ArrayList<>();
        List<Map.Entry<String, String>> then = new ArrayList<>();
        for (Map.Entry<String, String> want : wanted.entrySet()) {
            String url = want.getKey();
            if (!streams.containsKey(url)) {
                boolean unknown =
                        !tellers.containsKey(want.getValue()) && !failures.containsKey(url);
                (unknown ? first : then).add(want);
            }
        }
        first.addAll(then);
        return first;
    }

    private Optional<FollowedStream.Base> base(String cell) {
        return Optional.ofNullable(tellers.get(cell)).flatMap(FollowedStream::base);
    }

    /// Agents to follow, each with its cell; empty where that is not known.
    private Map<String, String> wanted(FleetState state, long nowMs) {
        Map<String, List<String>> known = addresses.addresses();
        Map<String, String> wanted = new LinkedHashMap<>();
        Set<String> heard = new HashSet<>();
        Set<String> silent = new HashSet<>();
        for (CellState cell : state.cells()) {
            heard.add(cell.cell());
            if (cell.stale()) {
                silent.add(cell.cell());
            }
            of(cell, known.getOrDefault(cell.cell(), List.of()), nowMs)
                    .forEach(url -> wanted.putIfAbsent(url, cell.cell()));
        }
        wantedByCell.keySet().retainAll(heard);
        tellers.keySet().removeIf(cell -> !heard.contains(cell) && !known.containsKey(cell));
        known.forEach((cell, urls) -> {
            if (!heard.contains(cell)) {
                choice.of(cell, urls, url -> paused(url, nowMs))
                        .forEach(url -> wanted.putIfAbsent(url, cell));
            }
        });
        for (String seed : config.seeds()) {
            String cell = seedCells.get(seed);
            if (cell == null || !heard.contains(cell) || silent.contains(cell)) {
                wanted.putIfAbsent(seed, cell == null ? "" : cell);
            }
        }
        return wanted;
    }

    /// Chosen anew only where the cell or the failures of its agents have changed.
    private List<String> of(CellState cell, List<String> more, long nowMs) {
        Wanted before = wantedByCell.get(cell.cell());
        Set<String> paused = new HashSet<>();
        if (!failures.isEmpty()) {
            for (HostState host : cell.hosts()) {
                if (paused(host.httpUrl(), nowMs)) {
                    paused.add(host.httpUrl());
                }
            }
        }
        if (before != null
                && before.state.saysTheSame(cell)
                && before.state.stale() == cell.stale()
                && before.paused.equals(paused)
                && !cell.stale()) {
            return before.urls;
        }
        List<String> urls = choice.of(cell, more, url -> paused(url, nowMs));
        wantedByCell.put(cell.cell(), new Wanted(cell, paused, urls));
        return urls;
    }

    private boolean paused(String url, long nowMs) {
        Failure failure = failures.get(url);
        return failure != null && nowMs < failure.pausedUntilMs;
    }

    /// A stream that is not wanted goes when those that are have taken over.
    private void closeUnwanted(Set<String> wanted, long nowMs) {
        Set<String> waiting = new HashSet<>();
        for (String url : wanted) {
            FollowedStream stream = streams.get(url);
            if (stream == null || !stream.connected()) {
                waiting.add(url);
            }
        }
        unwantedSinceMs.keySet().retainAll(streams.keySet());
        unwantedSinceMs.keySet().removeAll(wanted);
        for (FollowedStream stream : List.copyOf(streams.values())) {
            if (wanted.contains(stream.url())) {
                continue;
            }
            long sinceMs = unwantedSinceMs.computeIfAbsent(stream.url(), _ -> nowMs);
            Wanted others = wantedByCell.get(stream.cell());
            boolean replaced = others != null && others.urls.stream().noneMatch(waiting::contains);
            if (replaced || !stream.connected() || nowMs - sinceMs > LINGER_MS) {
                streams.remove(stream.url());
                hints.lost(stream);
                stream.close();
            }
        }
    }

    private void open(
            String url,
            String cell,
            Optional<FollowedStream.Base> base,
            int failedBefore,
            boolean wantsHints) {
        var stream =
                new FollowedStream(
                        url,
                        cell,
                        base,
                        failedBefore,
                        wantsHints,
                        cell.isEmpty() ? List.of() : hints.known(cell),
                        transport,
                        stats,
                        new Owner());
        streams.put(url, stream);
        stream.open();
    }

    private long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
    }

    private final class Owner implements FollowedStream.Owner {
        @Override
        public CellPool poolOf(String cell, FollowedStream stream) {
            if (config.seeds().contains(stream.url())) {
                seedCells.put(stream.url(), cell);
            }
            return pools.computeIfAbsent(cell, _ -> new CellPool());
        }

        @Override
        public void view(ObserverView view, FollowedStream stream) {
            failures.remove(stream.url());
            if (!fleet.accept(view)) {
                stats.refusedViews.increment();
            }
        }

        @Override
        public void connected(FollowedStream stream) {
            pace.connected();
            tellers.put(stream.cell(), stream);
        }

        /// Others go before it now; it goes when one of them is asked.
        @Override
        public void doubted(FollowedStream stream) {
            failed(stream.url(), "silent");
        }

        @Override
        public void hints(List<Hint> some, FollowedStream stream) {
            hints.heard(stream.cell(), some, stream);
        }

        @Override
        public void lost(FollowedStream stream, String reason) {
            if (!stream.shown()) {
                pace.failed(nowMs());
            }
            streams.remove(stream.url(), stream);
            hints.lost(stream);
            failed(stream.url(), reason);
        }

        @Override
        public long nowMs() {
            return Follower.this.nowMs();
        }
    }

    private void failed(String url, String reason) {
        failures.compute(
                url, (_, before) -> failure(before == null ? 1 : before.count + 1, reason));
    }

    private Failure failure(int count, String reason) {
        long longest = config.backOffMax().toMillis();
        long pauseMs = Math.min(longest, config.backOffMin().toMillis() << Math.min(20, count - 1));
        // some jitter, so that many nodes do not come back at one time
        long waitMs = pauseMs / 2 + random.nextLong(pauseMs / 2 + 1);
        long nowMs = nowMs();
        return new Failure(count, nowMs + waitMs, nowMs + 2 * longest, reason);
    }
}
