package dev.muster.query.upness;

import dev.muster.blocks.upness.UpnessDecoder;
import dev.muster.blocks.upness.UpnessRun;
import dev.muster.model.merge.Together;
import dev.muster.model.series.ReadBudget;
import dev.muster.query.source.AgentDirectory;
import dev.muster.query.source.AgentPlace;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/// The logs of living agents: of each cell two are asked, and further ones only where those do not
/// answer. An answer is used again for a second. Thread-safe.
final class UpnessAgents {
    private static final int ASKED = 2;
    private static final int ATTEMPTS = 5;
    private static final int ANSWER_LIMIT_BYTES = 64 << 20;
    private static final int KEPT_LIMIT = 4096;
    private static final long FRESH_NANOS = 1_000_000_000L;
    private static final long ENTRY_BYTES = 160;

    private final AgentDirectory directory;
    private final HttpClient http;
    private final Duration timeout;
    private final LongSupplier nanoTime;
    private final Map<URI, Kept> kept = new ConcurrentHashMap<>();

    private record Kept(long fromMs, long atNanos, List<UpnessRun> runs) {}

    /// What the agents said.
    ///
    /// @param unanswered cells of which no agent did
    record Found(List<UpnessRun> runs, List<String> unanswered) {}

    UpnessAgents(
            AgentDirectory directory, HttpClient http, Duration timeout, LongSupplier nanoTime) {
        this.directory = directory;
        this.http = http;
        this.timeout = timeout;
        this.nanoTime = nanoTime;
    }

    /// @param cells which cells are wanted
    /// @param fromMs from when on, for each cell
    Found read(Predicate<String> cells, ToLongFunction<String> fromMs, ReadBudget budget)
            throws IOException {
        Map<String, List<AgentPlace>> byCell = new TreeMap<>();
        for (AgentPlace agent : directory.agents()) {
            if (agent.absence().isEmpty() && cells.test(agent.cell())) {
                byCell.computeIfAbsent(agent.cell(), _ -> new ArrayList<>()).add(agent);
            }
        }
        List<Together.Task<List<UpnessRun>>> tasks = new ArrayList<>();
        List<String> names = List.copyOf(byCell.keySet());
        for (String cell : names) {
            List<AgentPlace> agents = byCell.getOrDefault(cell, List.of());
            tasks.add(() -> cell(agents, fromMs.applyAsLong(cell), budget));
        }
        if (tasks.isEmpty()) {
            return new Found(List.of(), List.of());
        }
        List<UpnessRun> runs = new ArrayList<>();
        List<String> unanswered = new ArrayList<>();
        List<List<UpnessRun>> answers = Together.run(tasks, budget);
        for (int i = 0; i < answers.size(); i++) {
            runs.addAll(answers.get(i));
            if (answers.get(i).isEmpty()) {
                unanswered.add(names.get(i));
            }
        }
        return new Found(runs, unanswered);
    }

    private List<UpnessRun> cell(List<AgentPlace> agents, long fromMs, ReadBudget budget)
            throws IOException {
        List<UpnessRun> runs = new ArrayList<>();
        int answered = 0;
        for (int i = 0; i < Math.min(agents.size(), ATTEMPTS) && answered < ASKED; i++) {
            budget.check();
            try {
                runs.addAll(agent(agents.get(i).url(), fromMs, budget));
                answered++;
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                // the next one is asked; a cell of which nobody answers is named by the caller
            }
        }
        return runs;
    }

    private List<UpnessRun> agent(URI url, long fromMs, ReadBudget budget) throws IOException {
        Kept known = kept.get(url);
        long nowNanos = nanoTime.getAsLong();
        if (known != null && known.fromMs <= fromMs && nowNanos - known.atNanos < FRESH_NANOS) {
            return known.runs;
        }
        List<UpnessRun> runs = ask(url, fromMs, budget);
        if (kept.size() >= KEPT_LIMIT) {
            kept.clear();
        }
        kept.put(url, new Kept(fromMs, nowNanos, runs));
        return runs;
    }

    private List<UpnessRun> ask(URI url, long fromMs, ReadBudget budget) throws IOException {
        URI call =
                url.resolve(
                        "/api/v1/upness?format=log&from=%d.%03d"
                                .formatted(fromMs / 1000, fromMs % 1000));
        HttpRequest request = HttpRequest.newBuilder(call).timeout(timeout).GET().build();
        try {
            HttpResponse<InputStream> response =
                    http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                byte[] bytes = body.readNBytes(ANSWER_LIMIT_BYTES + 1);
                if (response.statusCode() != 200 || bytes.length > ANSWER_LIMIT_BYTES) {
                    throw new IOException(
                            "upness answer must be whole: status="
                                    + response.statusCode()
                                    + ", sizeBytes="
                                    + bytes.length);
                }
                budget.chargeFetchedBytes(bytes.length);
                return decode(bytes, budget);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the agent was asked");
        }
    }

    private static List<UpnessRun> decode(byte[] bytes, ReadBudget budget) throws IOException {
        UpnessDecoder.Log log = UpnessDecoder.read(bytes);
        if (!log.done()) {
            throw new IOException("upness answer must be whole: " + log.error());
        }
        long entries = log.runs().stream().mapToLong(run -> run.entries().size()).sum();
        budget.chargeMemory(entries * ENTRY_BYTES);
        return log.runs();
    }
}
