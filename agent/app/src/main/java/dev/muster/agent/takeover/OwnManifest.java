package dev.muster.agent.takeover;

import dev.muster.agent.scrape.discovery.TargetSet;
import dev.muster.agent.services.listener.LocalPorts;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Keeps this agent's manifest with the cell. Thread-safe.
final class OwnManifest {
    private static final Logger LOG = System.getLogger(OwnManifest.class.getName());

    /// What listens where changes without a target's changing.
    private static final long REREAD_NANOS = TimeUnit.SECONDS.toNanos(30);

    /// What jobs tell changes with each run: not more often than so.
    private static final long JOBS_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final TakeoverSetup setup;
    private final ManifestMaker maker;
    private final TakeoverMetrics metrics;
    private @Nullable TargetSet last;
    private Map<String, String> lastExternal = Map.of();
    private byte[] published = new byte[0];
    private long madeNanos;
    private long lastJobs;
    private volatile int sizeBytes;
    private volatile int omitted;
    private volatile int jobsOmitted;

    OwnManifest(TakeoverSetup setup, TakeoverMetrics metrics) {
        this.setup = setup;
        this.metrics = metrics;
        maker = new ManifestMaker(setup.cell(), setup.host());
    }

    /// Publishes the manifest of these targets if it is another than before. Cheap where nothing
    /// has changed.
    synchronized void update(TargetSet found, Map<String, String> external) {
        long now = setup.nanoTime().getAsLong();
        TargetSet before = last;
        boolean same = before != null && isSame(before, found) && lastExternal.equals(external);
        long jobs = setup.runs().changes();
        long ageNanos = now - madeNanos;
        last = found;
        if (same && ageNanos < (jobs == lastJobs ? REREAD_NANOS : JOBS_NANOS)) {
            return;
        }
        madeNanos = now;
        lastJobs = jobs;
        lastExternal = Map.copyOf(external);
        Reach reach =
                new Reach(
                        setup.address(),
                        Reach.Ports.lazily(() -> LocalPorts.read(setup.procfs())::reachable));
        Manifest manifest =
                maker.make(found.active().values(), setup.runs().jobs(), external, reach);
        byte[] bytes = ManifestCodec.encode(manifest);
        // also if it is the same: the cell may be another one
        setup.link().publish(bytes);
        if (!Arrays.equals(bytes, published)) {
            published = bytes;
            note(manifest, bytes);
        }
    }

    /// Targets are found anew only now and then: mostly it is the very same set.
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(TargetSet before, TargetSet now) {
        return before == now || before.active().equals(now.active());
    }

    private void note(Manifest manifest, byte[] bytes) {
        metrics.manifestsPublished.increment();
        sizeBytes = bytes.length;
        try {
            Manifest readable = ManifestCodec.decode(bytes);
            omitted = readable.omitted();
            jobsOmitted = readable.jobs().map(ManifestJobs::omitted).orElse(0);
        } catch (ManifestException e) {
            throw new IllegalStateException("own manifest must be readable", e);
        }
        LOG.log(
                Level.DEBUG,
                () ->
                        "manifest published targets="
                                + manifest.targets().size()
                                + " sizeBytes="
                                + bytes.length
                                + " omitted="
                                + omitted);
    }

    int sizeBytes() {
        return sizeBytes;
    }

    int omitted() {
        return omitted;
    }

    int jobsOmitted() {
        return jobsOmitted;
    }
}
