package dev.muster.query.api;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellState;
import dev.muster.federation.view.CellState.Counts;
import dev.muster.federation.view.FleetEvent;
import dev.muster.federation.view.FleetState;
import dev.muster.federation.view.HostState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The fleet as JSON. Used once.
final class FleetJson {
    private final FleetFilter filter;
    private final JsonWriter json;
    private int left;
    private String next = "";
    private String last = "";

    private FleetJson(FleetFilter filter, JsonWriter json) {
        this.filter = filter;
        this.json = json;
        left = filter.limit();
    }

    /// A host that is shown, with those of its services that are.
    private record Shown(HostState host, List<ServiceState> services) {}

    static void write(FleetState fleet, FleetFilter filter, JsonWriter json) throws IOException {
        new FleetJson(filter, json).write(fleet);
    }

    private void write(FleetState fleet) throws IOException {
        json.beginObject().name("coverage").number(fleet.coverage());
        Counts all = Counts.NONE;
        Map<String, Counts> zones = new TreeMap<>();
        for (CellState cell : fleet.cells()) {
            all = all.plus(cell.counts());
            zones.merge(cell.zone(), cell.counts(), Counts::plus);
        }
        json.name("counts");
        write(all);
        json.name("zones").beginArray();
        for (Map.Entry<String, Counts> zone : zones.entrySet()) {
            json.beginObject().name("zone").value(zone.getKey()).name("counts");
            write(zone.getValue());
            json.endObject();
        }
        json.endArray().name("cells").beginArray();
        for (CellState cell : fleet.cells()) {
            if (filter.has(cell)) {
                write(cell);
            }
        }
        json.endArray().name("next").value(next).endObject();
    }

    private void write(Counts counts) throws IOException {
        json.beginObject().name("hosts").value(counts.hosts());
        json.name("up").value(counts.up());
        json.name("suspect").value(counts.suspect());
        json.name("down").value(counts.down());
        json.name("unknown").value(counts.unknown());
        json.name("left").value(counts.left());
        json.name("services").value(counts.services());
        json.name("servicesUp").value(counts.servicesUp());
        json.name("servicesDown").value(counts.servicesDown());
        json.name("servicesMaint").value(counts.servicesMaint());
        json.name("servicesUnknown").value(counts.servicesUnknown()).endObject();
    }

    private void write(CellState cell) throws IOException {
        json.beginObject().name("cell").value(cell.cell());
        json.name("zone").value(cell.zone());
        json.name("coverage").number(cell.coverage());
        json.name("ageMs").value(cell.ageMs());
        json.name("stale").value(cell.stale());
        json.name("degraded").value(cell.degraded());
        json.name("observers").strings(cell.observers());
        json.name("counts");
        write(cell.counts());
        List<Shown> shown = filter.summary() ? List.of() : shown(cell);
        json.name("members").beginArray();
        for (Shown one : shown) {
            write(cell, one.host());
        }
        json.endArray().name("services").beginArray();
        for (Shown one : shown) {
            for (ServiceState service : one.services()) {
                write(one.host(), service);
            }
        }
        json.endArray().endObject();
    }

    private List<Shown> shown(CellState cell) {
        List<Shown> shown = new ArrayList<>();
        if (!next.isEmpty()) {
            return shown;
        }
        for (HostState host : cell.hosts()) {
            if (!filter.isOf(host) || !filter.isAfter(cell.cell(), host.host())) {
                continue;
            }
            List<ServiceState> services = filter.services(host);
            if (!services.isEmpty() || filter.hits(host)) {
                if (left == 0) {
                    next = last;
                    return shown;
                }
                left--;
                last = cell.cell() + "/" + host.host();
                shown.add(new Shown(host, services));
            }
        }
        return shown;
    }

    private void write(CellState cell, HostState host) throws IOException {
        Upness upness = host.upness();
        json.beginObject().name("host").value(host.host());
        json.name("url").value(host.httpUrl());
        json.name("state").value(upness.label());
        json.name("cause").value(upness.why().map(Cause::name).orElse(""));
        json.name("reason").value(upness.why().map(Cause::text).orElse(""));
        json.name("sinceMs").value(upness.sinceMs());
        json.name("witnesses").strings(host.onlookers().witnesses());
        json.name("takenBy").strings(host.onlookers().takers());
        json.name("note").value(host.note() == Cause.NONE ? "" : host.note().name());
        json.name("intent").value(host.intent().map(intent -> intent.kind().name()).orElse(""));
        json.name("flapping").value(host.flapping());
        json.name("zone").value(host.place().zone());
        json.name("rack").value(host.place().rack());
        json.name("heardMs").value(cell.heardMs(host));
        json.name("incarnation").value(host.incarnation());
        json.name("services").value(host.services().count());
        json.name("servicesUp").value(host.services().count(Health.UP)).endObject();
    }

    private void write(HostState host, ServiceState service) throws IOException {
        Cause cause = FleetFilter.causeOf(service, host);
        json.beginObject().name("host").value(host.host());
        json.name("job").value(service.job());
        json.name("instance").value(service.instance());
        json.name("up").value(service.up());
        json.name("state").value(service.health().label());
        json.name("cause").value(cause == Cause.NONE ? "" : cause.name());
        json.name("provenance").value(service.provenance().label());
        json.name("reason").value(service.reason());
        json.name("sinceMs").value(service.sinceMs()).endObject();
    }

    static void write(FleetEvent event, JsonWriter json) throws IOException {
        json.beginObject().name("id").value(event.id());
        json.name("kind").value(event.kind().name());
        json.name("atMs").value(event.atMs());
        json.name("sinceMs").value(event.sinceMs());
        json.name("zone").value(event.zone());
        json.name("cell").value(event.cell());
        json.name("host").value(event.host());
        json.name("job").value(event.job());
        json.name("instance").value(event.instance());
        json.name("from").value(event.from());
        json.name("to").value(event.to());
        json.name("cause").value(event.cause() == Cause.NONE ? "" : event.cause().name());
        json.name("reason").value(event.reason());
        json.name("provenance").value(event.provenance().label());
        json.name("witnesses").strings(event.witnesses());
        json.name("group").value(event.group());
        json.name("count").value(event.count()).endObject();
    }
}
