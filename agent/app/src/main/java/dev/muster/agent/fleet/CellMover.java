package dev.muster.agent.fleet;

import dev.muster.federation.assign.Assigner;
import dev.muster.federation.assign.Assignment;
import dev.muster.federation.assign.CellMap;
import dev.muster.federation.assign.CellSpec;
import dev.muster.federation.assign.Home;
import dev.muster.federation.assign.MoveTurn;
import dev.muster.federation.assign.MoveTurn.Resident;
import dev.muster.federation.directory.CellEntry;
import dev.muster.federation.hazelcast.CellConfig;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellView;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Brings the agent into the cell that the map wants it in: looks at the map, waits for its turn,
/// joins the other cell and leaves the one of now. Confined to one thread.
final class CellMover {
    private static final Logger LOG = System.getLogger(CellMover.class.getName());

    /// How long a cell that was joined is waited for before the old one is left anyway.
    private static final Duration ARRIVAL = Duration.ofSeconds(20);

    private final FleetPlan plan;
    private final CellSeat seat;
    private final DirectoryPart directory;
    private final FleetFiles files;
    private volatile @Nullable CellMap map;
    private final LongAdder moves = new LongAdder();
    private final LongAdder refusedMaps = new LongAdder();
    private String complaint = "";
    private long mapSinceMs;
    private long leftCount = -1;
    private long leaveMs = Long.MIN_VALUE / 4;

    CellMover(
            FleetPlan plan,
            CellSeat seat,
            DirectoryPart directory,
            FleetFiles files,
            Optional<CellMap> map,
            long nowMs) {
        this.plan = plan;
        this.seat = seat;
        this.directory = directory;
        this.files = files;
        this.map = map.orElse(null);
        this.mapSinceMs = nowMs;
    }

    long mapEpoch() {
        CellMap known = map;
        return known == null ? 0 : known.epoch();
    }

    long moves() {
        return moves.sum();
    }

    long refusedMaps() {
        return refusedMaps.sum();
    }

    /// Looks at the map and moves if it is this agent's turn, which takes some seconds; every few
    /// seconds.
    void round(long nowMs) {
        plan.mapFile().ifPresent(file -> readMap(file, nowMs));
        CellMap known = map;
        CellView view = seat.view();
        noticeLeaves(view, nowMs);
        if (known == null || !plan.chooses() || !view.settled()) {
            return;
        }
        boolean surplus = seat.cell().isSurplus();
        Assignment wanted = wanted(known, view.cell(), surplus);
        if (wanted.cell().equals(view.cell())) {
            remember(new Home(view.cell(), known.epoch()));
        } else if (wanted.reason() != Assignment.Reason.NO_ROOM) {
            List<Resident> residents =
                    view.members().stream()
                            .filter(member -> !(member.upness() instanceof Upness.Left))
                            .map(member -> new Resident(member.host(), member.isUp()))
                            .toList();
            var question =
                    new MoveTurn.Question(
                            known,
                            plan.zone(),
                            view.cell(),
                            residents,
                            nowMs - mapSinceMs,
                            nowMs - leaveMs);
            if (surplus || MoveTurn.waitMs(plan.host(), question) <= 0) {
                move(wanted.cell(), known);
            }
        }
    }

    /// @param surplus there is no place for this agent where it is
    private Assignment wanted(CellMap known, String current, boolean surplus) {
        return surplus
                ? Assigner.byHash(
                        known,
                        plan.zone(),
                        plan.host(),
                        cell -> cell.equals(current) ? CellMap.AGENT_LIMIT : agents(cell))
                : Assigner.under(known, plan.zone(), plan.host(), current, this::agents);
    }

    private void readMap(Path file, long nowMs) {
        try {
            CellMap read = CellMapFile.read(file);
            if (read.epoch() > mapEpoch()) {
                if (plan.chooses() && read.cells(plan.zone()).isEmpty()) {
                    throw new IOException(
                            "file=" + file + ": cell map must have the zone: zone=" + plan.zone());
                }
                map = read;
                mapSinceMs = nowMs;
                LOG.log(
                        Level.INFO,
                        () -> "cell map read epoch=" + read.epoch() + " cells=" + read.size());
            }
            complaint = "";
        } catch (IOException e) {
            String text = String.valueOf(e.getMessage());
            if (!text.equals(complaint)) {
                complaint = text;
                refusedMaps.increment();
                LOG.log(Level.WARNING, () -> "cell map kept as it was: " + text);
            }
        }
    }

    private void noticeLeaves(CellView view, long nowMs) {
        long left =
                view.members().stream()
                        .filter(member -> member.upness() instanceof Upness.Left)
                        .count();
        if (leftCount >= 0 && left > leftCount) {
            leaveMs = nowMs;
        }
        leftCount = left;
    }

    private int agents(String cell) {
        return directory.cell(cell).map(CellEntry::expected).orElse(0);
    }

    private void move(String cell, CellMap known) {
        CellConfig now = seat.config();
        List<String> seeds = known.cell(plan.zone(), cell).map(CellSpec::seeds).orElse(List.of());
        int port = now.port() == plan.movePort() ? plan.port() : plan.movePort();
        CellConfig to = now.in(cell, port, seeds, plan.directory().resolve(cell));
        LOG.log(
                Level.INFO,
                () -> "agent moves from cell=" + now.cell() + " to cell=" + cell + " port=" + port);
        try {
            seat.move(to, view -> hasArrived(view, cell), ARRIVAL);
            moves.increment();
            leftCount = -1;
            remember(new Home(cell, known.epoch()));
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "agent stays in its cell: the other could not be joined", e);
        }
    }

    /// When it hears somebody there; or nobody is known to be there.
    private boolean hasArrived(CellView view, String cell) {
        boolean empty = agents(cell) == 0;
        long others = view.members().stream().filter(Member::isUp).count() - 1;
        return view.settled() && (empty || others > 0);
    }

    private void remember(Home home) {
        try {
            if (!files.home().equals(Optional.of(home))) {
                files.write(home);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "last cell not written", e);
        }
    }
}
