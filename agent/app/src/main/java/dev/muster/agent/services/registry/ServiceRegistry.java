package dev.muster.agent.services.registry;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The services that have registered with this agent. Registrations outlive a restart; how the
/// services are is found out anew. Thread-safe.
public final class ServiceRegistry {
    /*
     * Semantics of Consul's agent: a service whose heartbeat is missing for its TTL is critical; a
     * service that was critical for deregisterCriticalServiceAfter is forgotten, and without that it
     * stays, so that a service that is missing is seen to be missing. A registration counts as a
     * heartbeat. After a restart of the agent every TTL begins anew.
     */
    /// Most services of one agent.
    public static final int SERVICES_LIMIT = 500;

    private static final int NOTE_LIMIT = 512;
    private static final String NOT_LOOKED = "not looked at yet";

    private final RegistryFile file;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final RegistryMetrics metrics = new RegistryMetrics();
    private final Map<String, ServiceEntry> entries = new TreeMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /// Reads back what was registered.
    ///
    /// @param file kept up to date; need not exist
    public ServiceRegistry(Path file, InstantSource clock, LongSupplier nanoTime) {
        this.file = new RegistryFile(file);
        this.clock = clock;
        this.nanoTime = nanoTime;
        for (Registration registration : this.file.read()) {
            if (entries.size() < SERVICES_LIMIT) {
                ServiceEntry entry = entry(registration);
                if (registration.ttl().isPresent()) {
                    entry.beatNote = "no heartbeat since the agent started";
                    entry.judge(entry.registeredMs, entry.beatNanos);
                }
                entries.put(registration.id(), entry);
            }
        }
    }

    public RegistryMetrics metrics() {
        return metrics;
    }

    private ServiceEntry entry(Registration registration) {
        ServiceEntry entry = new ServiceEntry(registration, clock.millis(), nanoTime.getAsLong());
        if (registration.check().isPresent()) {
            entry.lookNote = NOT_LOOKED;
        }
        entry.note = entry.lookNote;
        return entry;
    }

    /// Registers a service, or changes it.
    ///
    /// @return was it new?
    /// @throws RegistrationException if there are too many
    /// @throws IOException if it cannot be kept; then nothing has changed
    public boolean register(Registration registration) throws RegistrationException, IOException {
        boolean changed;
        @Nullable ServiceEntry before;
        synchronized (this) {
            before = entries.get(registration.id());
            if (before == null && entries.size() >= SERVICES_LIMIT) {
                metrics.refused.increment();
                throw new RegistrationException(
                        "", "an agent must have at most " + SERVICES_LIMIT + " services");
            }
            changed = before == null || !before.registration.equals(registration);
            if (changed) {
                save(registration.id(), registration);
            }
            ServiceEntry entry = entry(registration);
            entry.goOnFor(before);
            entry.judge(clock.millis(), nanoTime.getAsLong());
            entries.put(registration.id(), entry);
            metrics.registrations.increment();
        }
        if (changed) {
            tell();
        }
        return before == null;
    }

    /// Forgets a service.
    ///
    /// @return was it known?
    /// @throws IOException if that cannot be kept; then nothing has changed
    public boolean deregister(String id) throws IOException {
        synchronized (this) {
            if (!entries.containsKey(id)) {
                return false;
            }
            save(id, null);
            entries.remove(id);
            metrics.deregistrations.increment();
        }
        tell();
        return true;
    }

    private void save(String id, @Nullable Registration changed) throws IOException {
        List<Registration> all = new ArrayList<>();
        for (ServiceEntry entry : entries.values()) {
            if (!entry.registration.id().equals(id)) {
                all.add(entry.registration);
            }
        }
        if (changed != null) {
            all.add(changed);
        }
        try {
            file.write(all);
        } catch (IOException e) {
            metrics.saveFailures.increment();
            throw e;
        }
    }

    /// Takes a heartbeat.
    ///
    /// @param note why, in words; a long one is cut
    /// @return is the service known, and does it have a TTL?
    public boolean heartbeat(String id, Health health, String note) {
        synchronized (this) {
            @Nullable ServiceEntry entry = entries.get(id);
            if (entry == null || entry.registration.ttl().isEmpty()) {
                return false;
            }
            entry.beat = health;
            entry.beatNote = note.length() <= NOTE_LIMIT ? note : note.substring(0, NOTE_LIMIT);
            entry.beatNanos = nanoTime.getAsLong();
            entry.judge(clock.millis(), entry.beatNanos);
            metrics.heartbeats.increment();
        }
        return true;
    }

    /// All services, by id.
    public synchronized List<RegisteredService> services() {
        return entries.values().stream().map(ServiceEntry::seen).toList();
    }

    public synchronized Optional<RegisteredService> service(String id) {
        return Optional.ofNullable(entries.get(id)).map(ServiceEntry::seen);
    }

    public synchronized int size() {
        return entries.size();
    }

    /// Lets missing heartbeats and long illness have their effect. To be called every second.
    public void expire() {
        boolean forgotten = false;
        synchronized (this) {
            if (entries.isEmpty()) {
                return;
            }
            long nowNanos = nanoTime.getAsLong();
            Iterator<ServiceEntry> all = entries.values().iterator();
            while (all.hasNext()) {
                ServiceEntry entry = all.next();
                expire(entry, nowNanos);
                if (isOverdue(entry, nowNanos)) {
                    all.remove();
                    metrics.expirations.increment();
                    forgotten = true;
                }
            }
            if (forgotten) {
                saveQuietly();
            }
        }
        if (forgotten) {
            tell();
        }
    }

    private void expire(ServiceEntry entry, long nowNanos) {
        Optional<Duration> ttl = entry.registration.ttl();
        if (ttl.isPresent() && nowNanos - entry.beatNanos > ttl.get().toNanos()) {
            if (!entry.beatNote.startsWith("no heartbeat within")) {
                metrics.missedHeartbeats.increment();
            }
            entry.beat = Health.CRITICAL;
            entry.beatNote = "no heartbeat within " + ttl.get().toMillis() + " ms";
            entry.judge(clock.millis(), nowNanos);
        }
    }

    private static boolean isOverdue(ServiceEntry entry, long nowNanos) {
        Optional<Duration> after = entry.registration.deregisterAfter();
        return after.isPresent()
                && entry.health == Health.CRITICAL
                && nowNanos - entry.criticalSinceNanos > after.get().toNanos();
    }

    private void saveQuietly() {
        try {
            save("", null);
        } catch (IOException e) {
            // the next change writes the file again; until then a restart brings the service back
        }
    }

    /// Services whose check is due, which are then being looked at until [#looked].
    ///
    /// @param most how many
    synchronized List<Registration> due(int most) {
        List<Registration> due = new ArrayList<>();
        long nowNanos = nanoTime.getAsLong();
        for (ServiceEntry entry : entries.values()) {
            if (due.size() >= most) {
                break;
            }
            Optional<ServiceCheck> check = entry.registration.check();
            if (check.isPresent() && !entry.looking && nowNanos - entry.nextLookNanos >= 0) {
                entry.looking = true;
                entry.nextLookNanos = nowNanos + check.get().interval().toNanos();
                due.add(entry.registration);
            }
        }
        return due;
    }

    /// Takes what a check found.
    synchronized void looked(Registration registration, Health health, String note, long nanos) {
        metrics.checks.increment();
        @Nullable ServiceEntry entry = entries.get(registration.id());
        if (entry == null) {
            return;
        }
        entry.looking = false;
        if (entry.registration.check().equals(registration.check())) {
            entry.look = health;
            entry.lookNote = note;
            entry.lookNanos = nanos;
            entry.judge(clock.millis(), nanoTime.getAsLong());
        }
    }

    /// How long the last check of a service took, nanoseconds; 0 before the first.
    synchronized long lookNanos(String id) {
        @Nullable ServiceEntry entry = entries.get(id);
        return entry == null ? 0 : entry.lookNanos;
    }

    /// Runs `listener` after each change of what is registered.
    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    void forget(Runnable listener) {
        listeners.remove(listener);
    }

    private void tell() {
        listeners.forEach(Runnable::run);
    }
}
