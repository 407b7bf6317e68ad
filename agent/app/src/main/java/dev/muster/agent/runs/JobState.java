package dev.muster.agent.runs;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// What is known of a job. Not thread-safe: confined to the lock of [RunStore].
final class JobState {
    /// Most runs of a job at one time; the oldest one is then taken for lost.
    private static final int RUNNING_LIMIT = 64;

    /// How many runs that ended are remembered, so that none is counted twice.
    private static final int ENDED_LIMIT = 64;

    static final long NEVER = 0;

    final RunKey key;
    JobPlan plan;
    long dueMs;
    long startedMs = NEVER;
    long finishedMs = NEVER;
    long succeededMs = NEVER;
    int exitCode;
    long durationMs;
    long successes;
    long failures;

    /// Times that it became overdue.
    long missed;

    /// Is it overdue, and counted as such?
    boolean overdue;

    /// By id, when they started.
    final Map<String, Long> running = new LinkedHashMap<>();

    final Set<String> ended = new LinkedHashSet<>();

    JobState(RunKey key, JobPlan plan, long dueMs) {
        this.key = key;
        this.plan = plan;
        this.dueMs = dueMs;
    }

    /// The state behind a view, but for the runs that ended.
    static JobState of(JobView view) {
        JobState state =
                new JobState(
                        view.key(), view.plan(), view.dueMs() == 0 ? Long.MAX_VALUE : view.dueMs());
        state.overdue = view.overdue();
        state.startedMs = view.startedMs();
        state.finishedMs = view.finishedMs();
        state.succeededMs = view.succeededMs();
        state.exitCode = view.exitCode();
        state.durationMs = view.durationMs();
        state.successes = view.successes();
        state.failures = view.failures();
        state.missed = view.missed();
        state.running.putAll(view.running());
        return state;
    }

    /// @return false if the run is known
    boolean start(String id, long atMs) {
        if (running.containsKey(id) || ended.contains(id)) {
            return false;
        }
        running.put(id, atMs);
        if (running.size() > RUNNING_LIMIT) {
            running.remove(running.keySet().iterator().next());
        }
        startedMs = Math.max(startedMs, atMs);
        return true;
    }

    /// @return false if it had ended before
    boolean finish(String id, long fromMs, long atMs, int code) {
        if (!ended.add(id)) {
            return false;
        }
        if (ended.size() > ENDED_LIMIT) {
            ended.remove(ended.iterator().next());
        }
        running.remove(id);
        startedMs = Math.max(startedMs, fromMs);
        if (code == 0) {
            successes++;
            succeededMs = Math.max(succeededMs, atMs);
        } else {
            failures++;
        }
        if (atMs >= finishedMs) {
            finishedMs = atMs;
            exitCode = code;
            durationMs = Math.max(0, atMs - fromMs);
        }
        return true;
    }

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(key.job());
            out.writeUTF(key.instance());
            out.writeUTF(plan.schedule());
            out.writeUTF(plan.zone());
            out.writeLong(plan.grace().toMillis());
            out.writeLong(plan.expected().toMillis());
            for (long value :
                    new long[] {
                        dueMs,
                        startedMs,
                        finishedMs,
                        succeededMs,
                        exitCode,
                        durationMs,
                        successes,
                        failures,
                        missed
                    }) {
                out.writeLong(value);
            }
            out.writeShort(running.size());
            for (Map.Entry<String, Long> run : running.entrySet()) {
                out.writeUTF(run.getKey());
                out.writeLong(run.getValue());
            }
            out.writeShort(ended.size());
            for (String id : ended) {
                out.writeUTF(id);
            }
            out.writeBoolean(overdue);
        } catch (IOException e) {
            throw new IllegalStateException("a state must be writable to memory", e);
        }
        return bytes.toByteArray();
    }

    /// @throws IOException if the bytes are no state
    static JobState decode(byte[] bytes) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            RunKey key = new RunKey(in.readUTF(), in.readUTF());
            JobPlan plan =
                    new JobPlan(
                            in.readUTF(),
                            in.readUTF(),
                            Duration.ofMillis(in.readLong()),
                            Duration.ofMillis(in.readLong()));
            JobState state = new JobState(key, plan, in.readLong());
            state.startedMs = in.readLong();
            state.finishedMs = in.readLong();
            state.succeededMs = in.readLong();
            state.exitCode = (int) in.readLong();
            state.durationMs = in.readLong();
            state.successes = in.readLong();
            state.failures = in.readLong();
            state.missed = in.readLong();
            for (int count = in.readShort(); count > 0; count--) {
                state.running.put(in.readUTF(), in.readLong());
            }
            for (int count = in.readShort(); count > 0; count--) {
                state.ended.add(in.readUTF());
            }
            // files of before do not say
            state.overdue = in.available() > 0 && in.readBoolean();
            return state;
        } catch (IllegalArgumentException e) {
            throw new IOException("state of a job must be right: " + e.getMessage(), e);
        }
    }
}
