package dev.muster.query.api;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.view.CellState;
import dev.muster.federation.view.HostState;
import java.util.List;
import java.util.Locale;

/// What of the fleet is asked for. Empty texts ask for all.
///
/// @param cell name of the cell
/// @param zone name of the zone
/// @param host name of the host
/// @param state state of a host or of a service, such as `down`
/// @param cause name of a cause, such as `HOST_DOWN`
/// @param job job of services
/// @param match part of the name of a host, a job or an instance, in any case
/// @param limit most hosts
/// @param after `cell/host` after which to go on; empty to begin
/// @param summary whether hosts and services are left out
record FleetFilter(
        String cell,
        String zone,
        String host,
        String state,
        String cause,
        String job,
        String match,
        int limit,
        String after,
        boolean summary) {
    /// Most hosts of an answer that does not say.
    static final int DEFAULT_LIMIT = 1_000;

    /// Everything, as far as it may.
    static final FleetFilter ALL =
            new FleetFilter("", "", "", "", "", "", "", DEFAULT_LIMIT, "", false);

    /// Only what is not well, as far as it may: what a page is told of a large fleet.
    static final FleetFilter AMISS =
            new FleetFilter("", "", "", "!up", "", "", "", DEFAULT_LIMIT, "", false);

    static FleetFilter of(Parameters parameters) throws ApiException {
        int limit = parameters.limit();
        return new FleetFilter(
                parameters.text("cell"),
                parameters.text("zone"),
                parameters.text("host"),
                parameters.text("state").toLowerCase(Locale.ROOT),
                parameters.text("cause").toUpperCase(Locale.ROOT),
                parameters.text("job"),
                parameters.text("match").toLowerCase(Locale.ROOT),
                limit == 0 ? DEFAULT_LIMIT : limit,
                parameters.text("after"),
                parameters.text("summary").equals("true"));
    }

    boolean has(CellState state) {
        return (cell.isEmpty() || cell.equals(state.cell()))
                && (zone.isEmpty() || zone.equals(state.zone()));
    }

    /// Whether a host comes after where the answer before ended.
    boolean isAfter(String inCell, String name) {
        int slash = after.lastIndexOf('/');
        if (slash < 0) {
            return true;
        }
        int byCell = inCell.compareTo(after.substring(0, slash));
        return byCell > 0 || (byCell == 0 && name.compareTo(after.substring(slash + 1)) > 0);
    }

    /// Whether the host itself, without a look at its services, is asked for.
    boolean hits(HostState state) {
        return job.isEmpty()
                && isState(state.upness().label())
                && (cause.isEmpty() || cause.equals(causeOf(state).name()))
                && (match.isEmpty() || contains(state.host()));
    }

    /// Those services of a host that are asked for.
    List<ServiceState> services(HostState state) {
        if (!host.isEmpty() && !host.equals(state.host())) {
            return List.of();
        }
        if (isPlain()) {
            return state.services().list();
        }
        if (this.state.equals("!up")
                && state.services().count(Health.UP) == state.services().count()) {
            return List.of();
        }
        return state.services().list().stream().filter(service -> hits(service, state)).toList();
    }

    boolean isOf(HostState state) {
        return host.isEmpty() || host.equals(state.host());
    }

    private boolean isPlain() {
        return state.isEmpty() && cause.isEmpty() && job.isEmpty() && match.isEmpty();
    }

    private boolean hits(ServiceState service, HostState of) {
        return isState(service.health().label())
                && (cause.isEmpty() || cause.equals(causeOf(service, of).name()))
                && (job.isEmpty() || job.equals(service.job()))
                && (match.isEmpty()
                        || contains(service.job())
                        || contains(service.instance())
                        || contains(of.host()));
    }

    private boolean isState(String label) {
        return state.isEmpty()
                || (state.equals("!up")
                        ? !label.equals("up") && !label.equals("left")
                        : state.equals(label));
    }

    private boolean contains(String name) {
        return name.toLowerCase(Locale.ROOT).contains(match);
    }

    /// Why a host is not simply up.
    static Cause causeOf(HostState host) {
        return host.upness().why().orElse(host.note());
    }

    /// Why a service is not up.
    static Cause causeOf(ServiceState service, HostState host) {
        return switch (service.health()) {
            case UP -> Cause.NONE;
            case MAINT -> Cause.MAINT;
            case DOWN, UNKNOWN -> host.upness().why().orElse(Cause.SERVICE_DOWN);
        };
    }
}
