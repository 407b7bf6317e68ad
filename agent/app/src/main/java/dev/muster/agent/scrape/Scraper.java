package dev.muster.agent.scrape;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.remotewrite.RemotePlan;
import dev.muster.agent.scrape.TargetLoop.Ending;
import dev.muster.agent.scrape.append.AccountQuestion;
import dev.muster.agent.scrape.append.MemoryBudget;
import dev.muster.agent.scrape.append.SeriesAccount;
import dev.muster.agent.scrape.discovery.Discoveries;
import dev.muster.agent.scrape.discovery.Target;
import dev.muster.agent.scrape.discovery.TargetSet;
import dev.muster.agent.scrape.file.ScrapeFile;
import dev.muster.agent.scrape.job.DiscoveryConfig;
import dev.muster.agent.scrape.job.DiscoveryContext;
import dev.muster.agent.scrape.job.DiscoveryMetrics;
import dev.muster.agent.scrape.job.DiscoveryState;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.yaml.YamlException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Scrapes all targets: those of the configuration file, those of target files, and the agent's
/// own. Thread-safe.
public final class Scraper implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Scraper.class.getName());

    /// From the first change that a discovery tells of until targets follow.
    private static final long CHANGE_DELAY_MS = 50;

    private static final ThreadFactory DISCOVERY =
            Thread.ofVirtual().name("muster-discovery-", 0).factory();

    private final ScrapeSetup setup;
    private final ScrapeMetrics metrics;
    private final ScrapeWorks works;
    private final Discoveries discoveries;
    private final AtomicBoolean changing = new AtomicBoolean();
    private final Map<String, TargetLoop> loops = new LinkedHashMap<>();

    /// Loops of targets that are gone, until they have ended their series: a target may come back
    /// before.
    private final Map<String, TargetLoop> leaving = new HashMap<>();

    private ScrapeFile file = ScrapeFile.EMPTY;
    private String fileStamp = "";
    private volatile TargetSet targets = new TargetSet(Map.of(), List.of(), List.of());
    private volatile List<TargetLoop> running = List.of();
    private volatile List<ScrapeJob> jobs = List.of();
    private volatile String fileError = "";
    private Predicate<List<RemotePlan>> remotes = _ -> false;
    private boolean closed;
    private Map<String, String> own;
    private long relabelledMs;

    public Scraper(ScrapeSetup setup) {
        this.setup = setup;
        own = setup.external();
        works = new ScrapeWorks(setup.pool(), "muster-append");
        metrics = works.metrics();
        discoveries =
                new Discoveries(
                        new DiscoveryContext(
                                setup.clock(),
                                setup.timers(),
                                DISCOVERY,
                                setup.requests(),
                                setup.kubernetes(),
                                new DiscoveryMetrics(),
                                this::changed));
    }

    /// Runs `listener` with the stores that samples are sent to, each time the file was read,
    /// before anything is scraped by it.
    ///
    /// @param listener says whether the sink has to hear of all series anew
    public synchronized void onRemotes(Predicate<List<RemotePlan>> listener) {
        remotes = listener;
    }

    /// Reads the file and scrapes what it names.
    ///
    /// @throws YamlException if the file is wrong; then nothing is scraped
    public synchronized void start() throws YamlException {
        reload();
    }

    /// Reads the configuration file again. Targets that scrape as before go on without losing a
    /// tick.
    ///
    /// @throws YamlException if the file is wrong; then everything stays as it was
    public synchronized void reload() throws YamlException {
        boolean anew = false;
        if (setup.file().isPresent()) {
            Path path = setup.file().get();
            String before = stamp(path);
            fileStamp = before + stamps(file.included());
            metrics.reloads.increment();
            try {
                file = ScrapeFile.read(path, setup.defaults());
                fileStamp = before + stamps(file.included());
                metrics.reloadSucceeded.set(1);
                fileError = "";
            } catch (YamlException e) {
                metrics.reloadFailures.increment();
                metrics.reloadSucceeded.set(0);
                fileError = String.valueOf(e.getMessage());
                throw e;
            }
            anew = remotes.test(file.remotes());
            for (String remark : file.remarks()) {
                LOG.log(
                        Level.INFO,
                        () -> "scrape configuration remark file=" + path + " " + remark);
            }
        }
        apply(anew);
    }

    /// Reads what has changed on disk: the configuration file, and target files. To be called every
    /// few seconds.
    public synchronized void poll() {
        if (setup.file().map(this::changed).orElse(false)) {
            try {
                reload();
                LOG.log(Level.INFO, () -> "scrape configuration reloaded targets=" + loops.size());
            } catch (YamlException e) {
                LOG.log(
                        Level.WARNING,
                        () -> "scrape configuration kept as it was: " + e.getMessage());
            }
        } else {
            discoveries.poll();
            apply();
        }
    }

    private void apply() {
        apply(false);
    }

    /// @param anew are targets to ask for their series again that scrape as before?
    private void apply(boolean anew) {
        if (closed) {
            return;
        }
        List<ScrapeJob> all = new ArrayList<>(setup.builtIn());
        all.addAll(file.jobs());
        discoveries.serve(all);
        TargetSet found = TargetSet.of(all, discoveries);
        Map<String, String> external = external();
        leaving.values().removeIf(TargetLoop::ended);
        for (String key : List.copyOf(loops.keySet())) {
            if (!found.active().containsKey(key)) {
                leave(key);
            }
        }
        for (Target target : found.active().values()) {
            startOrKeep(target, external, anew);
        }
        jobs = List.copyOf(all);
        targets = found;
        running = List.copyOf(loops.values());
    }

    /// A discovery found something. Many changes at once are one look at all targets.
    private void changed() {
        if (changing.compareAndSet(false, true)) {
            setup.timers()
                    .after(CHANGE_DELAY_MS, () -> DISCOVERY.newThread(this::applyChanges).start());
        }
    }

    private void applyChanges() {
        changing.set(false);
        synchronized (this) {
            apply();
        }
    }

    private void startOrKeep(Target target, Map<String, String> external, boolean anew) {
        @Nullable TargetLoop before = loops.get(target.key());
        if (before != null
                && !anew
                && before.target().scrapesLike(target)
                && before.external().equals(external)) {
            before.found(target);
            return;
        }
        if (before == null) {
            before = leaving.remove(target.key());
        }
        if (before != null) {
            before.stop(Ending.QUIET);
        }
        TargetLoop loop =
                new TargetLoop(target, target.key().hashCode(), setup, external, works, before);
        loops.put(target.key(), loop);
        loop.start();
    }

    private void leave(String key) {
        @Nullable TargetLoop loop = loops.remove(key);
        if (loop != null) {
            loop.stop(Ending.MARKED);
            leaving.put(key, loop);
        }
    }

    /// Gives all series other labels of the agent's own from their next scrapes on: those with the
    /// labels of before end with markers.
    public synchronized void relabel(Map<String, String> labels) {
        if (!labels.equals(own)) {
            own = Map.copyOf(labels);
            relabelledMs = setup.clock().millis();
            apply();
        }
    }

    /// When the agent's own labels last changed, Unix time; empty if they never did.
    public synchronized OptionalLong relabelledMs() {
        return relabelledMs == 0 ? OptionalLong.empty() : OptionalLong.of(relabelledMs);
    }

    /// Labels that every series gets that has none of that name. Those of the file come after the
    /// agent's own, which hold the fleet together.
    public synchronized Map<String, String> external() {
        Map<String, String> external = new HashMap<>(file.externalLabels());
        external.putAll(own);
        return external;
    }

    /// Every target and how its last scrape went.
    public List<TargetStatus> targets() {
        List<TargetStatus> all = new ArrayList<>();
        for (TargetLoop loop : running) {
            all.add(loop.status());
        }
        return all;
    }

    /// The time up to which the samples of all targets are stored, no later than now. Targets whose
    /// last scrape failed do not count.
    public long storedThroughMs() {
        long throughMs = setup.clock().millis();
        for (TargetLoop loop : running) {
            throughMs = Math.min(throughMs, loop.storedThroughMs());
        }
        return throughMs;
    }

    /// What became of the series of a target; empty if there is no such target. Answered by the
    /// thread that appends: the answer may never come if this is closed meanwhile.
    ///
    /// @param key the target's
    public Optional<CompletableFuture<SeriesAccount>> account(
            String key, AccountQuestion question) {
        for (TargetLoop loop : running) {
            if (loop.target().key().equals(key)) {
                return Optional.of(loop.account(question));
            }
        }
        return Optional.empty();
    }

    /// How the scraping of a target goes; empty if there is no such target.
    ///
    /// @param key the target's
    public Optional<ScrapeProgress> progress(String key) {
        for (TargetLoop loop : running) {
            if (loop.target().key().equals(key)) {
                return Optional.of(loop.progress());
            }
        }
        return Optional.empty();
    }

    /// The jobs that are scraped, the agent's own first.
    public List<ScrapeJob> jobs() {
        return jobs;
    }

    /// The one thread that appends. What it is given after [#close()] is dropped.
    public Executor appending() {
        return works.appending();
    }

    /// The memory that series of targets may take.
    public MemoryBudget budget() {
        return setup.budget();
    }

    /// Why the configuration file was refused when it was last read; empty if it was not.
    public String fileError() {
        return fileError;
    }

    /// What a discovery of a job knows now.
    public DiscoveryState state(DiscoveryConfig discovery) {
        return discoveries.state(discovery);
    }

    /// Settings of the configuration file that are right but have no effect here, in words, each
    /// with its line.
    public synchronized List<String> remarks() {
        return file.remarks();
    }

    /// What was found beside the targets.
    public TargetSet found() {
        return targets;
    }

    /// Samples appended since the start.
    public long samplesAppended() {
        return metrics.samplesAppended();
    }

    public void writeMetrics(ExpositionWriter out) {
        TargetSet found = targets;
        metrics.write(out, targets(), found.dropped().size(), found.refused().size());
        setup.fetches().write(out);
        setup.budget().write(out);
        discoveries.writeMetrics(out);
    }

    /// Stops scraping. Series end without markers: the next run goes on with them.
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            loops.values().forEach(loop -> loop.stop(Ending.QUIET));
            loops.clear();
            leaving.values().forEach(loop -> loop.stop(Ending.QUIET));
            leaving.clear();
            discoveries.close();
        }
        works.close();
    }

    /// Has a file changed that the configuration was read from?
    private boolean changed(Path path) {
        return !(stamp(path) + stamps(file.included())).equals(fileStamp);
    }

    private static String stamps(List<Path> paths) {
        return paths.stream().map(path -> " " + stamp(path)).collect(Collectors.joining());
    }

    private static String stamp(Path path) {
        try {
            return Files.getLastModifiedTime(path) + " " + Files.size(path);
        } catch (IOException e) {
            return "absent";
        }
    }
}
