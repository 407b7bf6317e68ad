package dev.muster.federation.view;

import dev.muster.federation.member.Upness;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// What the state of the fleet comes to as one text: equal for two query nodes that show the same
/// of every host and service, whomever they have it from. Times, causes and onlookers are not in
/// it: agents know them a little differently. Confined to one thread.
public final class FleetDigest {
    private record Known(long stateHash, long digest) {}

    private Map<String, Known> cells = Map.of();

    /// The digest of this state. Cells that have not changed since the last call cost nothing.
    public String of(FleetState fleet) {
        Map<String, Known> now = new HashMap<>();
        long sum = 0;
        for (CellState cell : fleet.cells()) {
            Known before = cells.get(cell.cell());
            Known known =
                    before != null && before.stateHash == cell.hash()
                            ? before
                            : new Known(cell.hash(), digest(cell));
            now.put(cell.cell(), known);
            sum += known.digest;
        }
        cells = now;
        return Long.toHexString(sum);
    }

    /// A sum, so that those who left count for nothing, whether they are remembered or not.
    private static long digest(CellState cell) {
        long sum = 0;
        for (HostState host : cell.hosts()) {
            if (!(host.upness() instanceof Upness.Left)) {
                sum += digest(cell.cell(), host);
            }
        }
        return sum;
    }

    private static long digest(String cell, HostState host) {
        PackedServices services = host.services();
        StringBuilder text =
                new StringBuilder(64 + services.count())
                        .append(cell)
                        .append('\n')
                        .append(host.host())
                        .append('\n')
                        .append(host.incarnation())
                        .append(host.upness().label())
                        .append(services.names().hash());
        for (int i = 0; i < services.count(); i++) {
            text.append((char) ('0' + services.health(i).code()));
        }
        return Hash64.of(text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
