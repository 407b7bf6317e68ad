package dev.muster.query.alerts;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The alerts on their way to one Alertmanager, so that one that is away holds up no other. The
/// oldest are let go when there are too many: what still holds is told again. Thread-safe.
final class Lane implements Runnable {
    private static final System.Logger LOG = System.getLogger(Lane.class.getName());
    private static final String PATH = "api/v2/alerts";
    private static final int BATCH = 256;
    private static final long FIRST_PAUSE_MS = 500;
    private static final long LONGEST_PAUSE_MS = 30_000;

    private final URI url;
    private final int capacity;
    private final Duration timeout;
    private final NoticeJson json;
    private final HttpClient http;
    private final AlertmanagerMetrics metrics;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();

    /// Guarded by the lock.
    private final Deque<Notice> waiting = new ArrayDeque<>();

    private final Thread thread;
    private boolean failing;

    Lane(
            URI url,
            AlertmanagersConfig config,
            NoticeJson json,
            HttpClient http,
            AlertmanagerMetrics metrics) {
        String text = url.toString();
        this.url = URI.create(text.endsWith("/") ? text : text + "/").resolve(PATH);
        capacity = config.queueCapacity();
        timeout = config.timeout();
        this.json = json;
        this.http = http;
        this.metrics = metrics;
        thread = Thread.ofVirtual().name("alertmanager-" + url).unstarted(this);
    }

    /// Where alerts are sent.
    URI url() {
        return url;
    }

    /// As in metrics.
    String name() {
        return url.toString();
    }

    int capacity() {
        return capacity;
    }

    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    void start() {
        thread.start();
    }

    void stop() {
        thread.interrupt();
    }

    void add(List<Notice> notices) {
        int dropped = 0;
        lock.lock();
        try {
            for (Notice notice : notices) {
                waiting.add(notice);
                if (waiting.size() > capacity) {
                    waiting.poll();
                    dropped++;
                }
            }
            more.signal();
        } finally {
            lock.unlock();
        }
        if (dropped > 0) {
            metrics.dropped(name(), dropped);
        }
    }

    @Override
    public void run() {
        try {
            while (true) {
                deliver(next());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Notice> next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty()) {
                more.await();
            }
            List<Notice> batch = new ArrayList<>();
            while (batch.size() < BATCH && !waiting.isEmpty()) {
                batch.add(waiting.poll());
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /// Sends until it is taken, or refused for good. Meanwhile newer alerts wait, and the oldest of
    /// them go when there are too many.
    private void deliver(List<Notice> batch) throws InterruptedException {
        long pauseMs = FIRST_PAUSE_MS;
        while (!sent(batch)) {
            metrics.failed(name(), batch.size());
            if (waiting() >= capacity) {
                metrics.dropped(name(), batch.size());
                return;
            }
            TimeUnit.MILLISECONDS.sleep(pauseMs);
            pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs);
        }
    }

    /// Is there nothing more to do for these?
    private boolean sent(List<Notice> batch) throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(url)
                        .timeout(timeout)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json.of(batch)))
                        .build();
        long startNanos = System.nanoTime();
        try {
            HttpResponse<String> response =
                    http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 == 2) {
                failing = false;
                metrics.sent(name(), batch.size(), System.nanoTime() - startNanos);
                return true;
            }
            complain(response.statusCode() + ": " + response.body());
            boolean refused = response.statusCode() / 100 == 4 && response.statusCode() != 429;
            if (refused) {
                metrics.failed(name(), batch.size());
                metrics.dropped(name(), batch.size());
            }
            return refused;
        } catch (IOException e) {
            complain(e.toString());
            return false;
        }
    }

    private void complain(String reason) {
        if (!failing) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    () -> "alertmanager does not take alerts url=" + url + " reason=" + reason);
        }
        failing = true;
    }
}
