package dev.muster.agent.scrape.sd.consul;

import dev.muster.agent.scrape.job.Discovery;
import dev.muster.agent.scrape.job.DiscoveryContext;
import dev.muster.agent.scrape.job.DiscoveryState;
import dev.muster.agent.scrape.job.TargetGroup;
import dev.muster.agent.scrape.sd.Findings;
import dev.muster.agent.scrape.sd.Found;
import dev.muster.agent.scrape.sd.JsonView;
import dev.muster.agent.scrape.sd.Pauses;
import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Watches the catalog, and each service in it that is wanted, by questions that wait for news.
/// What cannot be asked keeps what it had. Thread-safe.
final class ConsulDiscovery implements Discovery {
    /// Most services watched, each with a connection of its own.
    private static final int SERVICES_LIMIT = 1_000;

    private static final long RETRY_MS = 15_000;

    /// One list that is watched in a thread of its own. Guarded by the discovery.
    private static final class Watch {
        @Nullable Thread thread;
        @Nullable TargetGroup group;
        String error = "";
    }

    /// Asks once with the index of the last answer.
    private interface Step {
        ConsulApi.Indexed ask(long index) throws IOException, InterruptedException;
    }

    /// Takes what is new.
    private interface News {
        void take(ConsulApi.Indexed answer) throws IOException;
    }

    private final ConsulTargets settings;
    private final DiscoveryContext context;
    private final ConsulApi api;
    private final Findings findings;
    private final Map<String, Watch> services = new TreeMap<>();
    private final Watch catalog = new Watch();
    private boolean closed;

    ConsulDiscovery(ConsulTargets settings, DiscoveryContext context) {
        this.settings = settings;
        this.context = context;
        api = new ConsulApi(context.http(), settings.server(), settings.access());
        findings = new Findings(settings.kind(), settings.server().toString(), context);
    }

    synchronized void start() {
        if (settings.query().needsCatalog()) {
            watch(
                    catalog,
                    index -> api.services(settings.query(), index),
                    answer -> serve(wanted(answer)));
        } else {
            serve(settings.query().services());
        }
    }

    private List<String> wanted(ConsulApi.Indexed answer) throws IOException {
        JsonView all = JsonView.object(answer.body().body(), answer.place());
        List<String> wanted = new ArrayList<>();
        for (String name : all.names()) {
            if (settings.query().wants(name, all.texts(name))) {
                wanted.add(name);
            }
        }
        if (wanted.size() > SERVICES_LIMIT) {
            context.metrics().overLimit(kind());
            throw new IOException(
                    answer.place()
                            + ": at most "
                            + SERVICES_LIMIT
                            + " services must be wanted: found="
                            + wanted.size());
        }
        return wanted;
    }

    /// Watches these services and no others.
    private synchronized void serve(List<String> names) {
        for (String gone : new TreeSet<>(services.keySet())) {
            if (!names.contains(gone)) {
                interrupt(services.remove(gone));
            }
        }
        for (String name : names) {
            if (!closed && !services.containsKey(name)) {
                Watch watch = new Watch();
                services.put(name, watch);
                watch(
                        watch,
                        index -> api.instances(settings.query(), name, index),
                        answer -> {
                            TargetGroup group = group(name, answer);
                            synchronized (this) {
                                watch.group = group;
                            }
                        });
            }
        }
        catalog.error = "";
    }

    private TargetGroup group(String service, ConsulApi.Indexed answer) throws IOException {
        List<Labels> targets = new ArrayList<>();
        for (JsonView entry : JsonView.objects(answer.body().body(), answer.place())) {
            targets.add(ConsulLabels.ofEntry(entry, settings.query().tagSeparator()));
        }
        return new TargetGroup(service, targets, Labels.of("__meta_consul_service", service));
    }

    private void watch(Watch watch, Step step, News news) {
        Thread thread = context.threads().newThread(() -> run(watch, step, news));
        watch.thread = thread;
        thread.start();
    }

    private void run(Watch watch, Step step, News news) {
        long index = 0;
        while (true) {
            try {
                index = step(watch, step, news, index);
            } catch (InterruptedException e) {
                // closed, or the service is gone
                return;
            }
        }
    }

    /// @return the index to ask with next
    private long step(Watch watch, Step step, News news, long index) throws InterruptedException {
        long pauseMs = 0;
        long next = index;
        try {
            ConsulApi.Indexed answer = step.ask(index);
            if (answer.index() != index || index == 0) {
                news.take(answer);
                pauseMs = settings.refreshInterval().toMillis();
            }
            // an index that goes back is that of a server that started anew
            next = answer.index() < index ? 0 : answer.index();
            publish(watch, "");
        } catch (IOException | RuntimeException e) {
            publish(watch, String.valueOf(e.getMessage()));
            pauseMs = RETRY_MS;
            // without waiting, so that it is soon known whether all is well again
            next = 0;
        }
        if (pauseMs > 0) {
            Pauses.await(context.timers(), pauseMs);
        }
        return next;
    }

    private synchronized void publish(Watch watch, String error) {
        if (closed) {
            return;
        }
        watch.error = error;
        List<TargetGroup> groups = new ArrayList<>();
        TreeSet<String> errors = new TreeSet<>();
        for (Watch service : services.values()) {
            TargetGroup group = service.group;
            if (group != null) {
                groups.add(group);
            }
            errors.add(service.error);
        }
        errors.add(catalog.error);
        errors.remove("");
        String shown = errors.isEmpty() ? "" : errors.first();
        findings.found(new Found(groups, shown));
    }

    @Override
    public String kind() {
        return settings.kind();
    }

    @Override
    public DiscoveryState state() {
        return findings.state();
    }

    @Override
    public synchronized void close() {
        closed = true;
        interrupt(catalog);
        services.values().forEach(ConsulDiscovery::interrupt);
        services.clear();
    }

    private static void interrupt(@Nullable Watch watch) {
        if (watch != null && watch.thread != null) {
            watch.thread.interrupt();
        }
    }
}
