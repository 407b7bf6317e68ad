package dev.muster.query.expected;

import dev.muster.federation.tls.Tls;
import dev.muster.federation.tls.TlsConfig;
import dev.muster.federation.tls.TlsException;
import dev.muster.federation.view.FleetState;
import dev.muster.query.expected.Expected.Acknowledgement;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Keeps the book of what is expected current: looks at the fleet, reads the lists, writes the
/// file. One thread of its own. Thread-safe.
public final class ExpectedKeeper implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ExpectedKeeper.class.getName());
    private static final long ROUND_SECONDS = 5;
    private static final long LIST_ROUNDS = 6;
    private static final int LIST_LIMIT_BYTES = 64 << 20;
    private static final Duration LIST_TIMEOUT = Duration.ofSeconds(10);

    private final ExpectedSettings settings;
    private final Supplier<FleetState> fleet;
    private final HttpClient http;
    private final InstantSource clock;
    private final ExpectedBook book;
    private final @Nullable ExpectedFile store;
    private final @Nullable KubernetesAgents kubernetes;
    private final AtomicLong listFailures = new AtomicLong();
    private final ScheduledExecutorService rounds =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("muster-expected").factory());
    private volatile Runnable afterRound = () -> {};
    private List<ExpectedKey> ofFile = List.of();
    private List<ExpectedKey> ofUrl = List.of();
    private Set<String> ofKubernetes = Set.of();
    private String complaint = "";
    private long round;

    /// Reads back what was remembered.
    public ExpectedKeeper(
            ExpectedSettings settings,
            Supplier<FleetState> fleet,
            HttpClient http,
            InstantSource clock) {
        this.settings = settings;
        this.fleet = fleet;
        this.http = http;
        this.clock = clock;
        this.book = new ExpectedBook(settings.forgetAfter().toMillis());
        this.store = settings.store().map(ExpectedFile::new).orElse(null);
        this.kubernetes = settings.kubernetes().map(ExpectedKeeper::kubernetes).orElse(null);
        if (store != null) {
            store.read(remembered -> book.load(remembered, clock.millis()));
        }
    }

    private static KubernetesAgents kubernetes(ExpectedSettings.Pods pods) {
        HttpClient.Builder client = HttpClient.newBuilder().connectTimeout(LIST_TIMEOUT);
        if (pods.ca().isPresent()) {
            try {
                client.sslContext(Tls.open(TlsConfig.trusting(pods.ca().get())).context());
            } catch (TlsException e) {
                throw new IllegalArgumentException("kubernetes: " + e.getMessage(), e);
            }
        }
        return new KubernetesAgents(
                pods.api(), pods.token(), pods.namespace(), pods.selector(), client.build());
    }

    /// Begins; returns at once.
    ///
    /// @param after is run after each look at the fleet
    public void start(Runnable after) {
        afterRound = after;
        var _ =
                rounds.scheduleWithFixedDelay(
                        this::guarded, ROUND_SECONDS, ROUND_SECONDS, TimeUnit.SECONDS);
    }

    /// What is expected.
    public ExpectedBook book() {
        return book;
    }

    /// Lists that could not be read.
    public long listFailures() {
        return listFailures.get();
    }

    private void guarded() {
        try {
            round();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "round of what is expected failed", e);
        }
    }

    /// Reads the lists, each sixth time; looks at the fleet; writes the file.
    void round() {
        if (round % LIST_ROUNDS == 0) {
            readLists();
        }
        book.observe(fleet.get(), clock.millis());
        afterRound.run();
        if (round % LIST_ROUNDS == LIST_ROUNDS - 1) {
            save();
        }
        round++;
    }

    private void readLists() {
        Set<String> nodes = ofKubernetes;
        try {
            if (settings.file().isPresent()) {
                ofFile = ofFile(settings.file().get());
            }
            if (settings.url().isPresent()) {
                ofUrl = ofUrl(settings.url().get());
            }
            if (kubernetes != null) {
                nodes = kubernetes.nodes();
            }
            complaint = "";
        } catch (IOException | IllegalArgumentException e) {
            complain(String.valueOf(e.getMessage()));
        }
        List<ExpectedKey> keys = new ArrayList<>(ofFile);
        keys.addAll(ofUrl);
        settings.hosts().forEach(host -> keys.add(ExpectedKey.ofHost(host)));
        nodes.forEach(host -> keys.add(ExpectedKey.ofHost(host)));
        book.list(keys, clock.millis());
        // what the cluster has taken out is not missing
        Set<String> released = new HashSet<>(ofKubernetes);
        keys.forEach(key -> released.remove(key.host()));
        book.release(released, clock.millis());
        ofKubernetes = nodes;
    }

    private void complain(String text) {
        listFailures.incrementAndGet();
        if (!text.equals(complaint)) {
            complaint = text;
            LOG.log(
                    System.Logger.Level.WARNING,
                    () -> "list of what is expected kept as it was: " + text);
        }
    }

    private static List<ExpectedKey> ofFile(Path file) throws IOException {
        if (Files.size(file) > LIST_LIMIT_BYTES) {
            throw new IOException(
                    "file=" + file + ": list must have at most bytes=" + LIST_LIMIT_BYTES);
        }
        try {
            return ExpectedList.parse(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new IOException("file=" + file + " " + e.getMessage(), e);
        }
    }

    private List<ExpectedKey> ofUrl(URI url) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(url).timeout(LIST_TIMEOUT).build();
        try {
            HttpResponse<InputStream> answer =
                    http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (var body = answer.body()) {
                byte[] bytes = body.readNBytes(LIST_LIMIT_BYTES + 1);
                if (answer.statusCode() != 200 || bytes.length > LIST_LIMIT_BYTES) {
                    throw new IOException(
                            "url="
                                    + url
                                    + ": list must come with status 200 and at most bytes="
                                    + LIST_LIMIT_BYTES
                                    + ": status="
                                    + answer.statusCode());
                }
                return ExpectedList.parse(new String(bytes, StandardCharsets.UTF_8));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("url=" + url + ": interrupted", e);
        }
    }

    /// Says that somebody knows of an absence; written to the audit.
    ///
    /// @return whether it is missing
    /// @throws IOException if the audit cannot be written; then nothing is changed
    public boolean acknowledge(ExpectedKey key, String author, String note) throws IOException {
        var by = new Acknowledgement(author, note, clock.millis());
        audit("acknowledge", key, by);
        return book.acknowledge(key, by);
    }

    /// Expects it no more; written to the audit.
    ///
    /// @return whether it was expected, and is not now
    /// @throws IOException if the audit cannot be written; then nothing is changed
    public boolean forget(ExpectedKey key, String author, String note) throws IOException {
        audit("forget", key, new Acknowledgement(author, note, clock.millis()));
        return book.forget(key);
    }

    private synchronized void audit(String action, ExpectedKey key, Acknowledgement by)
            throws IOException {
        LOG.log(
                System.Logger.Level.INFO,
                () ->
                        "missing: "
                                + action
                                + " host="
                                + key.host()
                                + " job="
                                + key.job()
                                + " instance="
                                + key.instance()
                                + " author="
                                + by.author());
        if (store != null) {
            store.audit(action, key, by);
        }
    }

    private synchronized void save() {
        if (store != null) {
            try {
                store.write(book.all());
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "what is expected was not written", e);
            }
        }
    }

    @Override
    public void close() {
        rounds.shutdownNow();
        save();
    }
}
