package dev.muster.query.rules.live;

import dev.muster.query.rules.RuleGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// All groups of all rule files, those of this node at work. Thread-safe.
public final class LiveRules implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LiveRules.class.getName());
    private static final long LOOK_MS = 250;

    /// Series of a group that is gone end after so many intervals: another group may have its rules
    /// under a new name.
    private static final int END_INTERVALS = 2;

    private final LiveParts parts;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("rules-duties").factory());

    /// Groups by file and name. Guarded by this.
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private volatile RuleBook book = RuleBook.EMPTY;
    private volatile List<Entry> shown = List.of();
    private boolean started;
    private boolean closed;

    /// A group; it runs exactly while it is this node's.
    private static final class Entry {
        private final RuleGroup group;
        private volatile LiveGroup live;
        private volatile boolean running;
        private Runnable meters = () -> {};

        private Entry(RuleGroup group, LiveGroup live) {
            this.group = group;
            this.live = live;
        }
    }

    public LiveRules(LiveParts parts) {
        this.parts = parts;
        parts.metrics().rules(this);
    }

    /// Reads the files and begins. What is wrong in them is in the log and in the metrics.
    public synchronized void start() {
        var _ = reload();
        started = true;
        var _ = thread.scheduleWithFixedDelay(this::look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
    }

    /// The files as they were last read.
    public RuleBook book() {
        return book;
    }

    public LiveConfig config() {
        return parts.config();
    }

    /// Reads all files again. Groups that are as before go on; of those that have changed, rules of
    /// the same name and labels keep what they know.
    ///
    /// @return what is wrong in them, each with file and, where known, line and column; nothing if
    ///   all is well
    public synchronized List<String> reload() {
        book = RuleBook.read(parts.config(), book);
        book.errors()
                .forEach(error ->
                        LOG.log(
                                System.Logger.Level.ERROR,
                                () -> "rule file is wrong, the rules before hold: " + error));
        parts.metrics().reloaded(book.errors().isEmpty());
        apply(book.groups());
        return book.errors();
    }

    private void apply(List<RuleGroup> groups) {
        Map<String, Entry> before = new HashMap<>(entries);
        Set<String> now = new HashSet<>();
        entries.clear();
        for (RuleGroup group : groups) {
            String key = RuleBook.key(group);
            if (now.add(key)) {
                entries.put(key, entry(group, before.remove(key)));
            }
        }
        before.values().forEach(this::drop);
        shown = List.copyOf(entries.values());
        assign();
    }

    private Entry entry(RuleGroup group, @Nullable Entry before) {
        if (before != null && before.group.equals(group)) {
            return before;
        }
        Entry entry = new Entry(group, new LiveGroup(group, parts));
        if (before != null && before.running) {
            halt(before);
            entry.live.run().inherit(before.live.run());
            run(entry, LiveGroup.Begin.ADDED);
        }
        return entry;
    }

    /// The group is in no file any more.
    private void drop(Entry entry) {
        if (!entry.running) {
            return;
        }
        halt(entry);
        long endMs = parts.clock().millis();
        var _ =
                thread.schedule(
                        () -> entry.live.run().end(endMs),
                        END_INTERVALS * entry.live.times().intervalMs(),
                        TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            synchronized (this) {
                assign();
            }
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "groups could not be assigned", e);
        }
    }

    /// Starts what has become this node's, and stops what is another's.
    private void assign() {
        if (closed) {
            return;
        }
        for (Entry entry : entries.values()) {
            boolean mine = parts.duties().isMine(entry.live.key());
            if (mine && !entry.running) {
                boolean fresh = started && !parts.duties().isShared();
                run(entry, fresh ? LiveGroup.Begin.ADDED : LiveGroup.Begin.NEW);
            } else if (!mine && entry.running) {
                halt(entry);
                entry.live = new LiveGroup(entry.group, parts);
                LOG.log(
                        System.Logger.Level.INFO,
                        () -> "rule group goes to another node group=" + entry.live.key());
            }
        }
    }

    private void run(Entry entry, LiveGroup.Begin begin) {
        entry.running = true;
        entry.meters = parts.metrics().group(entry.live);
        entry.live.start(begin);
    }

    private static void halt(Entry entry) {
        entry.running = false;
        entry.meters.run();
        entry.live.stop();
    }

    int groupCount() {
        return shown.size();
    }

    int localCount() {
        return (int) shown.stream().filter(entry -> entry.running).count();
    }

    /// All groups in the order of their files.
    public List<GroupView> groups() {
        List<GroupView> views = new ArrayList<>();
        for (Entry entry : shown) {
            LiveGroup live = entry.live;
            views.add(
                    new GroupView(
                            entry.group.file(),
                            entry.group.name(),
                            live.times().intervalMs(),
                            entry.group.limit(),
                            entry.running,
                            live.run().lastMs(),
                            live.run().lastNanos(),
                            live.run().rules()));
        }
        return views;
    }

    /// Stops all groups. Their series go on elsewhere, or after a restart.
    @Override
    public void close() {
        thread.shutdownNow();
        synchronized (this) {
            closed = true;
            entries.values().stream().filter(entry -> entry.running).forEach(LiveRules::halt);
        }
        parts.queries().close();
    }
}
