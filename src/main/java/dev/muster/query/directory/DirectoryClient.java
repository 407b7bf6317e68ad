package dev.muster.query.directory;

import dev.muster.federation.directory.Aged;
import dev.muster.federation.directory.CellEntry;
import dev.muster.federation.directory.Contact;
import dev.muster.federation.directory.CrossWatch;
import dev.muster.federation.directory.CrossWatch.Conclusion;
import dev.muster.federation.directory.DirectoryCodec;
import dev.muster.federation.directory.DirectoryFrame;
import dev.muster.federation.directory.DirectoryGossip;
import dev.muster.federation.directory.DirectoryGossip.Call;
import dev.muster.federation.directory.DirectoryTable;
import dev.muster.federation.directory.FleetSeal;
import dev.muster.federation.member.FrameException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// Takes part in the exchange of directories as one that nobody calls: from one agent it learns all
/// cells of the fleet, and what they see of each other. One thread of its own. Thread-safe.
public final class DirectoryClient implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(DirectoryClient.class.getName());
    private static final String PATH = "/api/v1/directory";
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    /// Agents asked each second: watch results are told by nine agents of each watched cell.
    private static final int FANOUT = 2;

    private final List<String> seeds;
    private final Optional<FleetSeal> seal;
    private final HttpClient http;
    private final InstantSource clock;
    private final DirectoryGossip gossip;
    private final DirectoryTable table = new DirectoryTable();
    private final DirectoryCodec codec = new DirectoryCodec();
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private Map<String, List<String>> addresses = Map.of();
    private long addressesOf = -1;
    private final ScheduledExecutorService rounds =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("muster-directory").factory());

    /// @param seeds agents to begin with
    /// @param secret of the fleet, if it has one
    public DirectoryClient(
            List<URI> seeds,
            Optional<String> secret,
            HttpClient http,
            InstantSource clock,
            RandomGenerator random) {
        this.seeds = seeds.stream().map(URI::toString).toList();
        this.seal = secret.map(FleetSeal::new);
        this.http = http;
        this.clock = clock;
        this.gossip = new DirectoryGossip(table, "", FANOUT, random);
    }

    /// Begins; returns at once.
    public void start() {
        var _ = rounds.scheduleWithFixedDelay(this::round, 0, 1, TimeUnit.SECONDS);
    }

    private void round() {
        try {
            List<Call> round;
            synchronized (this) {
                round = gossip.round(seeds, nowMs());
            }
            for (Call call : round) {
                Optional<Call> next = Optional.of(call);
                while (next.isPresent()) {
                    next = exchange(next.get());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "round of the directory failed", e);
        }
    }

    private Optional<Call> exchange(Call call) throws InterruptedException {
        calls.incrementAndGet();
        try {
            DirectoryFrame answer = ask(call);
            synchronized (this) {
                return gossip.answered(call, answer, nowMs());
            }
        } catch (IOException | IllegalArgumentException e) {
            failures.incrementAndGet();
            LOG.log(
                    System.Logger.Level.DEBUG,
                    () -> "directory not exchanged url=" + call.url() + " reason=" + e);
            synchronized (this) {
                gossip.failed(call, nowMs());
            }
            return Optional.empty();
        }
    }

    private DirectoryFrame ask(Call call) throws IOException, InterruptedException {
        byte[] question = codec.encode(call.frame());
        String header = seal.map(s -> s.seal("", question, clock.millis())).orElse("");
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(call.url() + PATH))
                        .timeout(TIMEOUT)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(question));
        if (!header.isEmpty()) {
            request.header(FleetSeal.HEADER, header);
        }
        HttpResponse<InputStream> response =
                http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream in = response.body()) {
            byte[] body = in.readNBytes(DirectoryCodec.FRAME_LIMIT_BYTES + 1);
            bytes.addAndGet(question.length + body.length);
            if (response.statusCode() != 200) {
                throw new IOException(
                        "directory: status must be 200: found=" + response.statusCode());
            }
            String proof = response.headers().firstValue(FleetSeal.HEADER).orElse("");
            if (seal.isPresent() && !seal.get().holds(proof, header, body, clock.millis())) {
                throw new FrameException("directory: answer must be sealed with the secret");
            }
            return codec.decode(body);
        }
    }

    /// All cells known.
    public synchronized List<CellEntry> cells() {
        return List.copyOf(table.cells());
    }

    /// All that is known, with its age.
    public synchronized List<Aged> all() {
        return table.all(nowMs());
    }

    /// Agents through which a cell is reached, by its name.
    public synchronized List<String> urls(String cell) {
        return table.cell(cell)
                .map(entry -> entry.contacts().stream().map(Contact::httpUrl).toList())
                .orElse(List.of());
    }

    /// Agents through which each cell is reached, by its name. Made anew only where the directory
    /// has changed.
    public synchronized Map<String, List<String>> addresses() {
        if (table.changes() != addressesOf) {
            addressesOf = table.changes();
            addresses =
                    table.cells().stream()
                            .collect(
                                    Collectors.toUnmodifiableMap(
                                            CellEntry::cell,
                                            entry ->
                                                    entry.contacts().stream()
                                                            .map(Contact::httpUrl)
                                                            .toList()));
        }
        return addresses;
    }

    /// What the watch of other cells tells of a cell.
    public synchronized Conclusion conclusion(String cell) {
        return CrossWatch.cell(table.watch(cell, nowMs()), zones());
    }

    /// Which hosts of a cell that is no quorum any more are dead, with the cells that witness it.
    ///
    /// @param hosts the roster of the cell
    public synchronized Map<String, List<String>> deadHosts(String cell, List<String> hosts) {
        List<String> sorted = hosts.stream().sorted().toList();
        return table.cell(cell)
                .map(entry ->
                        CrossWatch.deadHosts(entry, sorted, table.watch(cell, nowMs()), zones()))
                .orElse(Map.of());
    }

    private int zones() {
        return Math.toIntExact(table.cells().stream().map(CellEntry::zone).distinct().count());
    }

    /// Calls to agents.
    public long calls() {
        return calls.get();
    }

    /// Calls without an answer that could be used.
    public long failures() {
        return failures.get();
    }

    /// Bytes of messages, both ways.
    public long bytes() {
        return bytes.get();
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    @Override
    public void close() {
        rounds.shutdownNow();
    }
}
