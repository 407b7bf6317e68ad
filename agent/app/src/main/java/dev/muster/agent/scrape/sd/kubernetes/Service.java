package dev.muster.agent.scrape.sd.kubernetes;

import dev.muster.agent.scrape.sd.JsonView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A service, as far as targets are concerned.
record Service(
        ObjectMeta meta,
        String type,
        String clusterIp,
        String externalName,
        String loadBalancerIp,
        List<Pod.Port> ports) {
    Service {
        ports = List.copyOf(ports);
    }

    static Service of(JsonView object) throws IOException {
        JsonView spec = object.object("spec");
        List<Pod.Port> ports = new ArrayList<>();
        for (JsonView port : spec.objects("ports")) {
            ports.add(new Pod.Port(port.text("name"), port.number("port"), port.text("protocol")));
        }
        return new Service(
                ObjectMeta.of(object),
                spec.text("type"),
                spec.text("clusterIP"),
                spec.text("externalName"),
                spec.text("loadBalancerIP"),
                ports);
    }
}
