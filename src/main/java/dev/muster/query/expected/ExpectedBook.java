package dev.muster.query.expected;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellState;
import dev.muster.federation.view.FleetState;
import dev.muster.federation.view.HostState;
import dev.muster.federation.view.ServiceNames;
import dev.muster.query.expected.Expected.Presence;
import dev.muster.query.expected.Expected.Why;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The hosts and services that should be there. Time comes from outside. Thread-safe.
public final class ExpectedBook {
    /*
     * What was seen is expected until it says that it goes, or somebody says so for it, or it is forgotten after a long time.
     * - A host is missing when its cell says that it is down, or when its cell is heard and does not know it any more.
     *   It may have come back in another cell: one place where it is there is enough.
     * - A service is missing when its agent is up and does not tell of it any more. While the host is missing, its
     *   services are not told of one by one.
     * - Of a cell that is silent nothing is concluded: what was, stays.
     * - Where instances come and go under new names, as pods do, one that came on a host already known takes the place of
     *   one of the same job that went within five minutes: that is no loss.
     */
    /// Most hosts, and most services; more are not watched, and counted.
    static final int HOST_LIMIT = 200_000;

    static final int SERVICE_LIMIT = 2_000_000;

    /// A service that has not been told of for so long is gone.
    static final long GONE_MS = 10_000;

    static final long REPLACED_MS = 5L * 60 * 1000;

    /// What an agent says of a service that deregistered.
    private static final String DEREGISTERED = "deregistered";

    private static final String RELEASED = "is not to be there any more";

    private static final int NEWCOMERS_LIMIT = 10_000;

    /// A cell of which the same is said for long is read all the same after this time.
    static final long READ_AGAIN_MS = 60_000;

    /// What was found in a cell.
    ///
    /// @param told hosts that it tells of
    /// @param there those that are there
    /// @param absent the others
    /// @param changedMs when it first said so
    /// @param readMs when it was read last
    private record Look(
            @Nullable CellState state,
            List<HostBook> told,
            List<HostBook> there,
            List<HostState> absent,
            long changedMs,
            long readMs) {
        static final Look NONE = new Look(null, List.of(), List.of(), List.of(), 0, 0);

        /// Whether all that follows from a change has been found: what vanishes is gone only after
        /// a while.
        boolean rests(long nowMs) {
            return nowMs - changedMs > 2 * GONE_MS && nowMs - readMs < READ_AGAIN_MS;
        }
    }

    private record Newcomer(String job, long atMs) {}

    private final long forgetMs;
    private final Map<String, HostBook> hosts = new TreeMap<>();
    private final Deque<Newcomer> newcomers = new ArrayDeque<>();

    /// Services that have gone within the last minutes, by job.
    private final Map<String, Deque<ExpectedKey>> goneByJob = new HashMap<>();

    private final Map<String, Look> looks = new HashMap<>();

    /// Hosts that a list had, and has no more because they are to be gone.
    private final Set<String> released = new HashSet<>();

    private Set<ExpectedKey> listed = Set.of();
    private long lookedMs;
    private long round;
    private long cellsRead;
    private int services;
    private long overLimit;

    /// @param forgetMs what was missing for so long is forgotten, unless it is listed
    public ExpectedBook(long forgetMs) {
        this.forgetMs = forgetMs;
    }

    /// What was remembered from before.
    ///
    /// @param remembered each host with its services after it
    public synchronized void load(Stream<Expected> remembered, long nowMs) {
        looks.clear();
        List<Expected> ofHost = new ArrayList<>();
        remembered.forEachOrdered(one -> {
            if (!ofHost.isEmpty() && !ofHost.getFirst().key().host().equals(one.key().host())) {
                load(ofHost, nowMs);
                ofHost.clear();
            }
            ofHost.add(one);
        });
        load(ofHost, nowMs);
    }

    private void load(List<Expected> ofHost, long nowMs) {
        HostBook book = ofHost.isEmpty() ? null : book(ofHost.getFirst().key().host(), nowMs);
        if (book == null) {
            return;
        }
        Map<ExpectedKey, Expected> all = book.open();
        List<ServiceState> names = new ArrayList<>();
        for (Expected one : ofHost) {
            ExpectedKey key = one.key();
            if (key.isHost()) {
                book.host = one;
            } else if (services < SERVICE_LIMIT) {
                services += all.put(key, one) == null ? 1 : 0;
                if (one.why() == Why.SEEN && one.presence() == Presence.PRESENT) {
                    names.add(HostBook.named(key.job(), key.instance()));
                }
            }
        }
        long seenMs =
                ofHost.stream()
                        .filter(one -> !one.key().isHost())
                        .mapToLong(Expected::lastSeenMs)
                        .max()
                        .orElse(0);
        book.fold(ServiceNames.of(names), seenMs);
    }

    /// What lists say should be there.
    public synchronized void list(Collection<ExpectedKey> keys, long nowMs) {
        Set<ExpectedKey> now = Set.copyOf(keys);
        if (now.equals(listed)) {
            return;
        }
        looks.clear();
        for (ExpectedKey old : listed) {
            if (!now.contains(old)) {
                unlist(old);
            }
        }
        listed = now;
        for (ExpectedKey key : now) {
            released.remove(key.host());
            HostBook book = book(key.host(), nowMs);
            if (book == null) {
                continue;
            }
            Expected fresh = fresh(key, "", nowMs).as(Presence.NEVER, nowMs, "never seen");
            if (key.isHost()) {
                boolean known = book.host.why() == Why.LISTED || book.host.lastSeenMs() > 0;
                book.host = (known ? book.host : fresh).listed(true);
            } else {
                Map<ExpectedKey, Expected> all = book.open();
                if (all.containsKey(key) || services < SERVICE_LIMIT) {
                    services += all.containsKey(key) ? 0 : 1;
                    all.merge(key, fresh.listed(true), (old, _) -> old.listed(true));
                }
            }
        }
    }

    private void unlist(ExpectedKey key) {
        HostBook book = hosts.get(key.host());
        if (book == null) {
            return;
        }
        if (key.isHost()) {
            book.host = book.host.listed(false);
            if (book.host.presence() == Presence.NEVER) {
                remove(key);
            }
        } else {
            Map<ExpectedKey, Expected> all = book.open();
            Expected old = all.get(key);
            if (old != null && old.presence() == Presence.NEVER) {
                remove(key);
            } else if (old != null) {
                all.put(key, old.listed(false));
            }
        }
    }

    /// Says that hosts are to be gone: while they are not there, they have left.
    public synchronized void release(Collection<String> gone, long nowMs) {
        for (String host : gone) {
            HostBook book = hosts.get(host);
            if (book != null) {
                released.add(host);
                if (book.host.isMissing()) {
                    book.host = book.host.as(Presence.LEFT, nowMs, RELEASED);
                }
            }
        }
    }

    /// Looks at the fleet; about every few seconds. Cells of which the same is said as before are
    /// not read again, but for once a minute.
    public synchronized void observe(FleetState fleet, long nowMs) {
        Set<String> heard = new HashSet<>();
        round++;
        newcomers.removeIf(newcomer -> nowMs - newcomer.atMs > REPLACED_MS);
        goneByJob.values().forEach(gone -> gone.removeIf(key -> isOld(key, nowMs)));
        goneByJob.values().removeIf(Deque::isEmpty);
        for (CellState cell : fleet.cells()) {
            if (cell.stale()) {
                looks.remove(cell.cell());
                continue;
            }
            Look look = look(cell, nowMs);
            looks.put(cell.cell(), look);
            heard.add(cell.cell());
            look.told.forEach(book -> book.toldRound = round);
            look.there.forEach(book -> book.thereRound = round);
        }
        for (String cell : heard) {
            looks.getOrDefault(cell, Look.NONE).absent.forEach(host -> absent(cell, host, nowMs));
        }
        for (HostBook book : List.copyOf(hosts.values())) {
            if (book.toldRound != round && heard.contains(book.host.cell())) {
                gone(book, nowMs);
            }
            forget(book, nowMs);
        }
        lookedMs = nowMs;
    }

    /// What is found in a cell, or was if nothing has changed.
    private Look look(CellState cell, long nowMs) {
        Look before = looks.get(cell.cell());
        boolean same = before != null && before.state != null && before.state.saysTheSame(cell);
        if (before != null && same && before.rests(nowMs)) {
            return before;
        }
        if (before != null && before.state != null && !same && before.readMs < lookedMs) {
            // what it said until the last look was so until then
            before.state.hosts().stream()
                    .filter(ExpectedBook::isThere)
                    .forEach(host -> present(cell.cell(), host, lookedMs));
        }
        List<HostBook> told = new ArrayList<>(cell.hosts().size());
        List<HostBook> there = new ArrayList<>(cell.hosts().size());
        List<HostState> absent = new ArrayList<>();
        for (HostState host : cell.hosts()) {
            if (isThere(host)) {
                present(cell.cell(), host, nowMs);
            } else {
                absent.add(host);
            }
            HostBook book = isThere(host) ? hosts.get(host.host()) : book(host.host(), nowMs);
            if (book != null) {
                told.add(book);
                if (isThere(host)) {
                    there.add(book);
                }
            }
        }
        cellsRead++;
        return new Look(
                cell,
                told,
                there,
                absent,
                before != null && same ? before.changedMs : nowMs,
                nowMs);
    }

    private boolean isOld(ExpectedKey key, long nowMs) {
        Expected gone = service(key);
        return gone == null || nowMs - gone.lastSeenMs() > REPLACED_MS;
    }

    private static boolean isThere(HostState host) {
        return switch (host.upness()) {
            case Upness.Up _, Upness.Suspect _ -> true;
            case Upness.Down _, Upness.Left _, Upness.Unknown _ -> false;
        };
    }

    private void present(String cell, HostState host, long nowMs) {
        HostBook book = book(host.host(), nowMs);
        if (book == null) {
            return;
        }
        book.host = book.host.seen(cell, nowMs);
        if (!host.isUp() || host.reportSeq() == 0) {
            return;
        }
        ServiceNames names = host.services().names();
        boolean plain = host.services().count(Health.MAINT) == 0;
        if (plain && book.isJust(names)) {
            book.seen(nowMs);
            return;
        }
        boolean begins = book.size() == 0 && nowMs - book.knownMs <= GONE_MS;
        boolean room = services + names.count() <= SERVICE_LIMIT;
        if (plain && begins && room && book.takesFirst(names, nowMs)) {
            services += names.count();
            return;
        }
        Map<ExpectedKey, Expected> all = book.open();
        Set<ExpectedKey> told = new HashSet<>();
        for (ServiceState service : host.services().list()) {
            if (!service.job().isEmpty() && !service.instance().isEmpty()) {
                ExpectedKey key = new ExpectedKey(host.host(), service.job(), service.instance());
                told.add(key);
                service(book, all, key, service, nowMs);
            }
        }
        for (Expected old : List.copyOf(all.values())) {
            if (!told.contains(old.key()) && nowMs - old.lastSeenMs() > GONE_MS) {
                vanished(all, old);
            }
        }
        book.fold(names, nowMs);
    }

    private void service(
            HostBook book,
            Map<ExpectedKey, Expected> all,
            ExpectedKey key,
            ServiceState state,
            long nowMs) {
        Expected old = all.get(key);
        if (old == null) {
            if (services >= SERVICE_LIMIT) {
                overLimit++;
                return;
            }
            services++;
            old = fresh(key, book.host.cell(), nowMs);
            boolean settled = nowMs - book.knownMs > GONE_MS;
            if (settled && !takesAPlace(key.job()) && newcomers.size() < NEWCOMERS_LIMIT) {
                newcomers.add(new Newcomer(key.job(), nowMs));
            }
        }
        boolean leaves = state.health() == Health.MAINT && state.reason().startsWith(DEREGISTERED);
        all.put(
                key,
                leaves
                        ? old.as(Presence.LEFT, nowMs, DEREGISTERED)
                        : old.seen(book.host.cell(), nowMs));
    }

    /// Whether the new instance stands for one of its job that has just gone; that one is dropped.
    private boolean takesAPlace(String job) {
        Deque<ExpectedKey> gone = goneByJob.getOrDefault(job, new ArrayDeque<>());
        while (!gone.isEmpty()) {
            ExpectedKey key = gone.poll();
            Expected old = service(key);
            if (old != null
                    && old.presence() == Presence.GONE
                    && old.why() == Why.SEEN
                    && old.acknowledged().isEmpty()) {
                remove(key);
                return true;
            }
        }
        return false;
    }

    private void vanished(Map<ExpectedKey, Expected> all, Expected old) {
        if (old.presence() != Presence.PRESENT) {
            return;
        }
        Optional<Newcomer> newcomer =
                newcomers.stream().filter(n -> n.job.equals(old.key().job())).findFirst();
        if (newcomer.isPresent() && old.why() == Why.SEEN) {
            newcomers.remove(newcomer.get());
            remove(old.key());
        } else {
            all.put(
                    old.key(),
                    old.as(Presence.GONE, old.lastSeenMs(), "its agent tells of it no more"));
            Deque<ExpectedKey> gone =
                    goneByJob.computeIfAbsent(old.key().job(), _ -> new ArrayDeque<>());
            if (gone.size() < NEWCOMERS_LIMIT) {
                gone.add(old.key());
            }
        }
    }

    private void absent(String cell, HostState host, long nowMs) {
        HostBook book = book(host.host(), nowMs);
        if (book == null || book.thereRound == round) {
            return;
        }
        switch (host.upness()) {
            case Upness.Down _ when released.contains(host.host()) ->
                    book.host = in(book.host, cell).as(Presence.LEFT, nowMs, RELEASED);
            case Upness.Down(long sinceMs, Cause cause) ->
                    book.host = in(book.host, cell).as(Presence.DOWN, sinceMs, cause.text());
            case Upness.Left(long sinceMs) ->
                    book.host = in(book.host, cell).as(Presence.LEFT, sinceMs, "left");
            case Upness.Up _, Upness.Suspect _, Upness.Unknown _ -> {}
        }
    }

    private static Expected in(Expected host, String cell) {
        return host.cell().isEmpty()
                ? new Expected(
                        host.key(),
                        cell,
                        host.why(),
                        host.presence(),
                        host.sinceMs(),
                        host.lastSeenMs(),
                        host.cause(),
                        host.acknowledged())
                : host;
    }

    private void gone(HostBook book, long nowMs) {
        Expected host = book.host;
        if (host.presence() == Presence.PRESENT && nowMs - host.lastSeenMs() > GONE_MS) {
            book.host =
                    released.contains(host.key().host())
                            ? host.as(Presence.LEFT, nowMs, RELEASED)
                            : host.as(
                                    Presence.GONE, host.lastSeenMs(), "its cell knows it no more");
        }
    }

    private void forget(HostBook book, long nowMs) {
        List<Expected> over = book.apart().stream().filter(old -> isOver(old, nowMs)).toList();
        over.forEach(old -> remove(old.key()));
        if (isOver(book.host, nowMs)) {
            remove(book.host.key());
        }
    }

    private boolean isOver(Expected one, long nowMs) {
        return one.why() == Why.SEEN
                && one.presence() != Presence.PRESENT
                && nowMs - one.sinceMs() > forgetMs;
    }

    private @Nullable HostBook book(String host, long nowMs) {
        HostBook known = hosts.get(host);
        if (known == null) {
            if (hosts.size() >= HOST_LIMIT) {
                overLimit++;
                return null;
            }
            known = new HostBook(fresh(ExpectedKey.ofHost(host), "", nowMs), nowMs);
            hosts.put(host, known);
        }
        return known;
    }

    private static Expected fresh(ExpectedKey key, String cell, long nowMs) {
        return new Expected(key, cell, Why.SEEN, Presence.PRESENT, nowMs, 0, "", Optional.empty());
    }

    private void remove(ExpectedKey key) {
        HostBook book = hosts.get(key.host());
        if (book != null && key.isHost()) {
            services -= book.size();
            hosts.remove(key.host());
            released.remove(key.host());
        } else if (book != null && book.open().remove(key) != null) {
            services--;
        }
    }

    /// A service that is not simply there; null if it is, or is not known.
    private @Nullable Expected service(ExpectedKey key) {
        HostBook book = hosts.get(key.host());
        return book == null
                ? null
                : book.apart().stream()
                        .filter(one -> one.key().equals(key))
                        .findFirst()
                        .orElse(null);
    }

    /// Says that somebody knows of an absence.
    ///
    /// @return whether it is missing
    public synchronized boolean acknowledge(ExpectedKey key, Expected.Acknowledgement by) {
        HostBook book = hosts.get(key.host());
        Expected one = book == null ? null : key.isHost() ? book.host : service(key);
        if (book == null || one == null || !one.isMissing()) {
            return false;
        }
        Expected known = one.acknowledgedBy(Optional.of(by));
        if (key.isHost()) {
            book.host = known;
        } else {
            book.open().put(key, known);
        }
        return true;
    }

    /// Expects it no more, until it is seen again. What is listed cannot be forgotten.
    ///
    /// @return whether it was expected, and is not now
    public synchronized boolean forget(ExpectedKey key) {
        HostBook book = hosts.get(key.host());
        Expected one = book == null ? null : key.isHost() ? book.host : book.open().get(key);
        if (one == null || one.why() == Why.LISTED) {
            return false;
        }
        remove(key);
        looks.clear();
        return true;
    }

    /// All that is missing, or has left; services of a host that is not there are not told of.
    public synchronized List<Expected> absences() {
        List<Expected> absences = new ArrayList<>();
        for (HostBook book : hosts.values()) {
            if (book.host.presence() != Presence.PRESENT) {
                absences.add(book.host);
            } else if (!book.apart().isEmpty()) {
                book.apart().stream()
                        .filter(one -> one.presence() != Presence.PRESENT)
                        .sorted(Comparator.comparing(Expected::key))
                        .forEach(absences::add);
            }
        }
        return absences;
    }

    /// All that is expected, each host with its services after it: what a file keeps. Made host by
    /// host while it is read.
    public Stream<Expected> all() {
        return names().stream().flatMap(host -> of(host).stream());
    }

    private synchronized List<String> names() {
        return List.copyOf(hosts.keySet());
    }

    private synchronized List<Expected> of(String host) {
        HostBook book = hosts.get(host);
        return book == null ? List.of() : book.all();
    }

    /// Hosts expected.
    public synchronized int hosts() {
        return hosts.size();
    }

    /// Services expected.
    public synchronized int services() {
        return services;
    }

    /// Cells read, member by member.
    public synchronized long cellsRead() {
        return cellsRead;
    }

    /// Hosts and services not watched since there are too many.
    public synchronized long overLimit() {
        return overLimit;
    }
}
