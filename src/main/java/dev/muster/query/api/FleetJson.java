package dev.muster.query.api;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellState;
import dev.muster.federation.view.FleetState;
import java.io.IOException;

/// The fleet as JSON.
final class FleetJson {
    private FleetJson() {}

    static void write(FleetState fleet, JsonWriter json) throws IOException {
        json.beginObject().name("coverage").number(fleet.coverage());
        json.name("cells").beginArray();
        for (CellState cell : fleet.cells()) {
            write(cell, json);
        }
        json.endArray().endObject();
    }

    private static void write(CellState cell, JsonWriter json) throws IOException {
        json.beginObject().name("cell").value(cell.cell());
        json.name("coverage").number(cell.coverage());
        json.name("ageMs").value(cell.ageMs());
        json.name("stale").value(cell.stale());
        json.name("degraded").value(cell.degraded());
        json.name("observers").strings(cell.observers());
        json.name("members").beginArray();
        for (Member member : cell.members()) {
            write(member, json);
        }
        json.endArray().name("services").beginArray();
        for (Member member : cell.members()) {
            for (ServiceState service : member.services()) {
                write(member, service, json);
            }
        }
        json.endArray().endObject();
    }

    private static void write(Member member, JsonWriter json) throws IOException {
        Upness upness = member.upness();
        json.beginObject().name("host").value(member.host());
        json.name("url").value(member.httpUrl());
        json.name("state").value(upness.label());
        json.name("cause").value(upness.why().map(Cause::name).orElse(""));
        json.name("reason").value(upness.why().map(Cause::text).orElse(""));
        json.name("sinceMs").value(upness.sinceMs());
        json.name("note").value(member.note() == Cause.NONE ? "" : member.note().name());
        json.name("intent").value(member.intent().map(intent -> intent.kind().name()).orElse(""));
        json.name("flapping").value(member.flapping());
        json.name("zone").value(member.place().zone());
        json.name("rack").value(member.place().rack());
        json.name("heardMs").value(member.heardMs());
        json.name("incarnation").value(member.incarnation());
        json.name("services").value(member.services().size());
        json.name("servicesUp").value(Totals.up(member)).endObject();
    }

    private static void write(Member member, ServiceState service, JsonWriter json)
            throws IOException {
        json.beginObject().name("host").value(member.host());
        json.name("job").value(service.job());
        json.name("instance").value(service.instance());
        json.name("up").value(service.up());
        json.name("state").value(service.health().label());
        json.name("provenance").value(service.provenance().label());
        json.name("reason").value(service.reason());
        json.name("sinceMs").value(service.sinceMs()).endObject();
    }
}
