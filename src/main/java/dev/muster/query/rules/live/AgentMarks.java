package dev.muster.query.rules.live;

import dev.muster.query.source.AgentDirectory;
import dev.muster.query.source.AgentPlace;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/// Asks the agents of the fleet how far their data has come: one question for each agent and time,
/// whatever the number of groups that wait for it. Thread-safe.
public final class AgentMarks implements FleetMark, AutoCloseable {
    /*
     * An agent is asked to answer once its samples up to the time are stored, or when the wait is over, and says how far
     * they have come then. That time is remembered, so that another group at an earlier time asks nobody. An agent
     * that does not know the call is taken to be as far as the clock less what such agents are usually late.
     */
    private static final String PATH = "/api/v1/agent/watermark?at=%d&wait=%d";
    private static final int AT_ONE_TIME = 256;
    private static final long USUALLY_LATE_MS = 2_000;
    private static final long ANSWER_MS = 500;
    private static final long FORGET_MS = 60_000;

    private final AgentDirectory directory;
    private final HttpClient http;
    private final InstantSource clock;
    private final Semaphore turns = new Semaphore(AT_ONE_TIME, true);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<URI, AtomicLong> known = new ConcurrentHashMap<>();
    private final Map<Question, Future<Long>> asked = new ConcurrentHashMap<>();

    private record Question(URI agent, long timeMs) {}

    public AgentMarks(AgentDirectory directory, HttpClient http, InstantSource clock) {
        this.directory = directory;
        this.http = http;
        this.clock = clock;
    }

    @Override
    public Arrival await(long timeMs, Duration most) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + most.toNanos();
        int hosts = 0;
        int arrived = 0;
        List<AgentPlace> agents = directory.agents();
        forgetOthers(agents, timeMs);
        List<Future<Long>> running = new ArrayList<>();
        for (AgentPlace agent : agents) {
            boolean left = agent.absence().filter(a -> a.cause().equals("left")).isPresent();
            hosts += left ? 0 : 1;
            if (agent.absence().isEmpty()) {
                if (markOf(agent.url()).get() >= timeMs) {
                    arrived++;
                } else {
                    running.add(ask(agent.url(), timeMs, most));
                }
            }
        }
        for (Future<Long> answer : running) {
            arrived += answered(answer, deadlineNanos) >= timeMs ? 1 : 0;
        }
        return new Arrival(hosts, arrived);
    }

    private AtomicLong markOf(URI agent) {
        return known.computeIfAbsent(agent, _ -> new AtomicLong(Long.MIN_VALUE));
    }

    private void forgetOthers(List<AgentPlace> agents, long timeMs) {
        if (known.size() > 2 * agents.size() + AT_ONE_TIME) {
            known.clear();
        }
        asked.keySet().removeIf(question -> question.timeMs < timeMs - FORGET_MS);
    }

    private Future<Long> ask(URI agent, long timeMs, Duration most) {
        return asked.computeIfAbsent(
                new Question(agent, timeMs),
                question -> threads.submit(() -> askAgent(question, most)));
    }

    private long askAgent(Question question, Duration most) throws InterruptedException {
        URI url =
                question.agent.resolve(
                        PATH.formatted(question.timeMs, Math.max(0, most.toMillis())));
        HttpRequest request =
                HttpRequest.newBuilder(url).timeout(most.plusMillis(ANSWER_MS)).build();
        turns.acquire();
        try {
            HttpResponse<String> response =
                    http.send(request, HttpResponse.BodyHandlers.ofString());
            long markMs =
                    response.statusCode() == 200
                            ? Long.parseLong(response.body().strip())
                            : unknown(response.statusCode(), question.timeMs, most);
            return markOf(question.agent).accumulateAndGet(markMs, Math::max);
        } catch (IOException | NumberFormatException _) {
            asked.remove(question);
            return Long.MIN_VALUE;
        } finally {
            turns.release();
        }
    }

    /// What an agent of old has: nobody knows, so some time must pass.
    private long unknown(int status, long timeMs, Duration most) throws InterruptedException {
        if (status != 404) {
            return Long.MIN_VALUE;
        }
        long lateMs = Math.min(USUALLY_LATE_MS, most.toMillis());
        long leftMs = timeMs + lateMs - clock.millis();
        if (leftMs > 0) {
            Thread.sleep(leftMs);
        }
        return timeMs;
    }

    private static long answered(Future<Long> answer, long deadlineNanos)
            throws InterruptedException {
        try {
            long leftNanos =
                    deadlineNanos - System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ANSWER_MS);
            return answer.get(Math.max(0, leftNanos), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException _) {
            return Long.MIN_VALUE;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
