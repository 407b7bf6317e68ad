package dev.muster.agent.takeover;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.scrape.discovery.Target;
import dev.muster.agent.scrape.discovery.TargetSet;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.view.CellView;
import dev.muster.head.Head;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Looks after the services of lost peers of the cell: probes their hosts, scrapes what they
/// scraped, tells the cell how the services are and holds the samples. Thread-safe.
///
/// Nothing is guessed: what cannot be reached from here, or is too much, is unknown with its
/// reason, and silence of a whole host is no verdict before the cell has come to one.
public final class Takeover implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Takeover.class.getName());

    private final TakeoverSetup setup;
    private final TakeoverMetrics metrics = new TakeoverMetrics();
    private final TakenHeads heads;
    private final OwnManifest manifest;
    private final Map<String, TakenHost> hosts = new LinkedHashMap<>();
    private @Nullable TakeoverWorks works;
    private int releasing;
    private boolean closed;

    public Takeover(TakeoverSetup setup) {
        this.setup = setup;
        heads =
                new TakenHeads(
                        setup.directory(), setup.plan().hostsLimit(), setup.opener(), metrics);
        manifest = new OwnManifest(setup, metrics);
    }

    /// Opens samples that an earlier run left, so that they are served and shipped.
    public void start() {
        heads.restore();
    }

    /// Begins to look after the services of a peer.
    ///
    /// @param incarnation the run that was lost
    /// @param httpUrl where its agent answered; may be empty
    public synchronized void takeOver(String host, long incarnation, String httpUrl) {
        TakenHost before = hosts.get(host);
        if (closed || !setup.plan().enabled()) {
            return;
        }
        if (before != null && before.incarnation() == incarnation) {
            return;
        }
        if (before != null) {
            // a later run is lost, too
            end(before, _ -> false);
        }
        TakenHost.Known known = known(host);
        if (begin(new TakenHost.Lost(host, incarnation, httpUrl), known)) {
            metrics.taken.increment();
            LOG.log(
                    Level.INFO,
                    () ->
                            "services of a peer taken over host="
                                    + host
                                    + " targets="
                                    + known.manifest().targets().size());
        }
    }

    /// @return false if it cannot be taken over
    private boolean begin(TakenHost.Lost lost, TakenHost.Known known) {
        boolean idle = known.manifest().isEmpty();
        TakeoverWorks shared = works;
        if (shared == null) {
            shared = new TakeoverWorks(setup, heads);
            works = shared;
        }
        Optional<Head> head = idle ? Optional.empty() : heads.take(lost.host());
        if (head.isEmpty() && !idle) {
            metrics.refused.increment();
        }
        try {
            TakenHost taken = new TakenHost(lost, known, head, shared, setup, metrics);
            hosts.put(lost.host(), taken);
            taken.start();
            look(taken, setup.link().view());
            return true;
        } catch (IllegalArgumentException e) {
            head.ifPresent(_ -> heads.giveBack(lost.host()));
            metrics.refused.increment();
            LOG.log(Level.WARNING, "peer cannot be taken over host=" + lost.host(), e);
            return false;
        }
    }

    private TakenHost.Known known(String host) {
        // the hash first: if the manifest is a newer one, it is looked at once more
        int hash = setup.link().manifestHash(host);
        return new TakenHost.Known(manifestOf(host), hash);
    }

    private Manifest manifestOf(String host) {
        Optional<byte[]> bytes = setup.link().manifest(host);
        if (bytes.isEmpty()) {
            metrics.withoutManifest.increment();
            return empty(host);
        }
        try {
            Manifest known = ManifestCodec.decode(bytes.get());
            if (known.host().equals(host)) {
                return known;
            }
            metrics.manifestsRefused.increment();
            LOG.log(
                    Level.WARNING,
                    () -> "manifest must be of the peer: host=" + host + ", found=" + known.host());
        } catch (ManifestException e) {
            metrics.manifestsRefused.increment();
            LOG.log(Level.WARNING, "manifest of a lost peer refused host=" + host, e);
        }
        return empty(host);
    }

    private Manifest empty(String host) {
        return new Manifest(setup.cell(), host, Map.of(), List.of(), 0);
    }

    /// Ends looking after a peer: its agent, or another one, goes on.
    public synchronized void giveBack(String host) {
        TakenHost taken = hosts.get(host);
        if (taken != null) {
            end(taken, TakenHost.gone(setup.link().view().member(host)));
        }
    }

    /// Begins anew with a manifest that came after the peer was lost, if that names other targets.
    ///
    /// @return whether another goes on in its place, or none
    private synchronized boolean renew(TakenHost taken) {
        int hash = setup.link().manifestHash(taken.host());
        if (hash == 0 || taken.hasLookedAt(hash) || hosts.get(taken.host()) != taken) {
            return false;
        }
        TakenHost.Known known = known(taken.host());
        if (!taken.look(known)) {
            return false;
        }
        LOG.log(
                Level.INFO,
                () ->
                        "manifest of a lost peer came late host="
                                + taken.host()
                                + " targets="
                                + known.manifest().targets().size());
        release(taken, _ -> false);
        (begin(taken.lost(), known) ? metrics.renewed : metrics.givenBack).increment();
        return true;
    }

    private void end(TakenHost taken, Predicate<Target> gone) {
        metrics.givenBack.increment();
        LOG.log(Level.INFO, () -> "services of a peer given back host=" + taken.host());
        release(taken, gone);
    }

    private void release(TakenHost taken, Predicate<Target> gone) {
        hosts.remove(taken.host());
        releasing++;
        taken.release(gone, () -> released(taken));
    }

    private synchronized void released(TakenHost taken) {
        releasing--;
        if (taken.holdsSamples()) {
            heads.giveBack(taken.host());
        }
    }

    /// To be called every second.
    ///
    /// @param own this agent's targets
    /// @param external labels of all their series
    public void round(TargetSet own, Map<String, String> external) {
        if (!setup.plan().enabled()) {
            return;
        }
        manifest.update(own, external);
        List<TakenHost> all = taken();
        if (!all.isEmpty()) {
            CellView view = setup.link().view();
            all.forEach(host -> {
                if (!renew(host)) {
                    look(host, view);
                    tell(host);
                }
            });
        }
        rest();
    }

    /// Lets go of what nobody needs.
    private void rest() {
        TakeoverWorks idle = null;
        synchronized (this) {
            if (hosts.isEmpty() && releasing == 0) {
                idle = works;
                works = null;
            }
        }
        if (idle != null) {
            idle.close();
        }
        if (heads.size() > 0) {
            heads.sweep();
        }
    }

    private synchronized List<TakenHost> taken() {
        return new ArrayList<>(hosts.values());
    }

    private void look(TakenHost host, CellView view) {
        host.look(view.member(host.host()), () -> tell(host));
    }

    private void tell(TakenHost host) {
        synchronized (this) {
            if (hosts.get(host.host()) != host || !host.knows()) {
                return;
            }
        }
        List<ServiceState> services = host.services(setup.clock().millis());
        setup.link().taken(host.host(), host.incarnation(), services, host.hostProbe());
    }

    /// The series of lost peers' services, a source for each peer; mostly none.
    public List<SeriesSource> series() {
        return heads.sources();
    }

    /// The time of which there are series of lost peers; empty if there are none.
    public Optional<TimeRange> range() {
        return heads.range();
    }

    /// The peers whose services are looked after now.
    public List<TakenView> views() {
        long nowMs = setup.clock().millis();
        return taken().stream()
                .map(host ->
                        new TakenView(
                                host.host(),
                                host.sinceMs(),
                                host.hostProbe(),
                                host.services(nowMs),
                                host.manifest().omitted()))
                .toList();
    }

    public void writeMetrics(ExpositionWriter out) {
        List<TakenHost> all = taken();
        long memoryBytes;
        synchronized (this) {
            memoryBytes = works == null ? 0 : works.memoryBytes();
        }
        metrics.write(
                out,
                new TakeoverMetrics.Now(
                        all.size(),
                        all.stream().mapToInt(host -> host.manifest().targets().size()).sum(),
                        heads.size(),
                        manifest.sizeBytes(),
                        manifest.omitted(),
                        manifest.jobsOmitted(),
                        all.stream().mapToInt(TakenHost::jobs).sum(),
                        heads.samplesAppended(),
                        heads.blocksShipped(),
                        heads.blocksPending(),
                        memoryBytes));
    }

    /// Stops. Samples are kept.
    @Override
    public void close() {
        TakeoverWorks last;
        synchronized (this) {
            closed = true;
            List.copyOf(hosts.values()).forEach(taken -> end(taken, _ -> false));
            last = works;
            works = null;
        }
        if (last != null) {
            last.close();
        }
        heads.close();
    }
}
