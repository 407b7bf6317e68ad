package dev.muster.agent.takeover;

import dev.muster.agent.runs.ForeignJobBoard;
import dev.muster.agent.scrape.TargetScrapes;
import dev.muster.agent.scrape.TargetStatus;
import dev.muster.agent.scrape.discovery.Endpoint;
import dev.muster.agent.scrape.discovery.Target;
import dev.muster.agent.scrape.fetch.BodySource;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.federation.detect.ProbeResult;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import dev.muster.head.Head;
import dev.muster.model.series.SeriesSource;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One lost peer: its host is probed, its services are scraped. Thread-safe.
final class TakenHost {
    private final Lost lost;
    private final long sinceMs;
    private final Manifest manifest;
    private final HostProbe probe;
    private final HostLife life;
    private final TakeoverMetrics metrics;
    private final List<TakenTarget> targets = new ArrayList<>();
    private final Map<TakenTarget, Integer> scraped = new IdentityHashMap<>();
    private final List<GatedSource> gates = new ArrayList<>();
    private final AtomicBoolean probing = new AtomicBoolean();
    private final @Nullable TargetScrapes scrapes;
    private final @Nullable StartTimes starts;
    private volatile boolean probed;
    private volatile int lookedAt;

    /// @param head takes the samples; absent where there is no room for them
    TakenHost(
            Lost lost,
            Known known,
            Optional<Head> head,
            TakeoverWorks works,
            TakeoverSetup setup,
            TakeoverMetrics metrics) {
        this.lost = lost;
        sinceMs = setup.clock().millis();
        manifest = known.manifest;
        lookedAt = known.hash;
        this.metrics = metrics;
        life = new HostLife(setup.nanoTime());
        probe = HostProbe.of(lost.httpUrl(), manifest);
        scrapes = head.map(sink -> scrapes(lost, sink, works, setup)).orElse(null);
        starts =
                head.map(store -> new StartTimes((SeriesSource) store, sinceMs, setup.clock()))
                        .orElse(null);
        if (scrapes == null) {
            manifest.targets()
                    .forEach(target ->
                            targets.add(new TakenTarget(target, GatedSource.CAPACITY, sinceMs)));
        }
    }

    /// A peer that is lost.
    ///
    /// @param httpUrl where its agent answered
    record Lost(String host, long incarnation, String httpUrl) {}

    /// What is known of what a peer scraped.
    ///
    /// @param manifest an empty one if there is none to go by
    /// @param hash names it; 0 if the cell had none
    record Known(Manifest manifest, int hash) {}

    private TargetScrapes scrapes(Lost lost, Head head, TakeoverWorks works, TakeoverSetup setup) {
        List<ScrapeJob> own = setup.jobs().get();
        ForeignJobs jobs = new ForeignJobs(own, lost.host());
        String address = lost.httpUrl().isEmpty() ? "" : HostProbe.host(lost.httpUrl());
        LongSupplier nanoTime = setup.nanoTime();
        GatedSource.Budgets budgets =
                new GatedSource.Budgets(
                        works.rate(),
                        new RateBudget(setup.plan().hostScrapesPerSecond(), nanoTime));
        Map<Target, BodySource> sources = new IdentityHashMap<>();
        Map<String, TargetScrapes.Spread> spread = new LinkedHashMap<>();
        for (ManifestTarget target : manifest.targets()) {
            String refusal = jobs.refusal(target);
            TakenTarget taken = new TakenTarget(target, refusal, sinceMs);
            if (refusal.isEmpty()) {
                Target found = jobs.target(target);
                if (spread.containsKey(found.key())) {
                    continue;
                }
                Endpoint.Http endpoint = target.endpoint().orElseThrow();
                GatedSource gate =
                        new GatedSource(
                                works.http().of(found, endpoint),
                                endpoint.host().equals(address),
                                life,
                                budgets,
                                setup.plan().downInterval().toNanos(),
                                nanoTime,
                                metrics);
                scraped.put(taken, gates.size());
                gates.add(gate);
                sources.put(found, gate);
                spread.put(found.key(), new TargetScrapes.Spread(found, target.spread()));
            }
            targets.add(taken);
        }
        manifest.jobs()
                .ifPresent(known -> {
                    Target told = jobs.target(known);
                    ForeignJobBoard board =
                            new ForeignJobBoard(
                                    known.jobs(),
                                    setup.clock(),
                                    nanoTime,
                                    () -> !probed || life.answers());
                    sources.put(told, board.source());
                    spread.put(told.key(), new TargetScrapes.Spread(told, known.spread()));
                });
        return new TargetScrapes(
                works.scrapesOf(
                        manifest.external(),
                        head,
                        target -> Objects.requireNonNull(sources.get(target))),
                List.copyOf(spread.values()),
                works.scrapes());
    }

    Lost lost() {
        return lost;
    }

    String host() {
        return lost.host;
    }

    long incarnation() {
        return lost.incarnation;
    }

    /// Since when its services are looked after, Unix time.
    long sinceMs() {
        return sinceMs;
    }

    Manifest manifest() {
        return manifest;
    }

    /// Was this manifest, or its having none, looked at last?
    boolean hasLookedAt(int hash) {
        return lookedAt == hash;
    }

    /// Looks at a manifest that came later, once.
    ///
    /// @return whether there is other work in it than what is done
    boolean look(Known newest) {
        lookedAt = newest.hash;
        return !newest.manifest.isEmpty() && !newest.manifest.isSameWork(manifest);
    }

    /// Jobs of it that are watched.
    int jobs() {
        return scrapes == null ? 0 : manifest.jobs().map(known -> known.jobs().size()).orElse(0);
    }

    /// Does it hold a head?
    boolean holdsSamples() {
        return scrapes != null;
    }

    void start() {
        TargetScrapes all = scrapes;
        if (all != null) {
            all.start();
        }
    }

    /// Takes in the cell's verdict, and asks the host again if the last question has an answer.
    ///
    /// @param after runs when there is an answer, on a thread of its own
    void look(Optional<Member> seen, Runnable after) {
        life.confirmedDown(seen.map(TakenHost::isHostDown).orElse(false));
        if (probing.compareAndSet(false, true)) {
            metrics.probes.increment();
            Thread.ofVirtual()
                    .name("muster-takeover-probe")
                    .start(() -> {
                        try {
                            life.answered(probe.ask());
                        } finally {
                            probed = true;
                            probing.set(false);
                        }
                        after.run();
                    });
        }
    }

    private static boolean isHostDown(Member member) {
        return member.upness() instanceof Upness.Down(_, var cause)
                && (cause == Cause.HOST_DOWN || cause == Cause.RACK_DOWN);
    }

    /// Is anything known yet?
    boolean knows() {
        return probed || life.answers();
    }

    ProbeResult hostProbe() {
        return life.best();
    }

    /// How its services are, in the order of its manifest.
    synchronized List<ServiceState> services(long nowMs) {
        List<TargetStatus> status = scrapes == null ? List.of() : scrapes.targets();
        List<ServiceState> states = new ArrayList<>(targets.size());
        for (TakenTarget target : targets) {
            Integer at = scraped.get(target);
            ServiceState state =
                    at == null
                            ? target.unscraped()
                            : target.state(status.get(at), gates.get(at), nowMs);
            states.add(inferred(target, state));
        }
        return states;
    }

    private ServiceState inferred(TakenTarget target, ServiceState state) {
        StartTimes times = starts;
        if (times == null || !state.up()) {
            return state;
        }
        boolean before = times.isKnown(target.target());
        ServiceState better = times.infer(target.target(), state);
        if (!before && times.isKnown(target.target()) && !better.equals(state)) {
            metrics.inferred.increment();
        }
        return better;
    }

    /// Stops.
    ///
    /// @param gone targets that nobody goes on with: their series end with markers
    /// @param after runs when nothing is appended any more
    void release(Predicate<Target> gone, Runnable after) {
        TargetScrapes all = scrapes;
        if (all == null) {
            after.run();
        } else {
            all.release(gone, after);
        }
    }

    /// The targets of a host that nobody goes on with: all if the host has left, and those of which
    /// its agent, which is back, does not tell.
    ///
    /// @param seen the host as the cell sees it now; empty if it is no longer expected
    static Predicate<Target> gone(Optional<Member> seen) {
        if (seen.isEmpty() || seen.get().upness() instanceof Upness.Left) {
            return _ -> true;
        }
        if (!seen.get().isUp() || seen.get().reportSeq() == 0) {
            return _ -> false;
        }
        List<ServiceState> own =
                seen.get().services().stream()
                        .filter(state -> state.provenance() == Provenance.OWN)
                        .toList();
        return target -> {
            if (target.endpoint() instanceof Endpoint.Kept) {
                // of jobs it does not tell the cell, but it reads them back from its disk
                return false;
            }
            String job = TakenTarget.cut(target.labels().valueOf("job"));
            String instance = TakenTarget.cut(target.instance());
            return own.stream()
                    .noneMatch(
                            state -> state.job().equals(job) && state.instance().equals(instance));
        };
    }
}
