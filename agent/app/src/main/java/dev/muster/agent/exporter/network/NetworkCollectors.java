package dev.muster.agent.exporter.network;

import static dev.muster.agent.exporter.collect.TableCollector.EACH_SCRAPE;
import static dev.muster.agent.exporter.collect.TableCollector.SLOW;

import dev.muster.agent.exporter.collect.Collector;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.TableCollector;
import java.util.List;

/// The collectors of this package.
public final class NetworkCollectors {
    private NetworkCollectors() {}

    /// @param procfs where /proc of the host is mounted
    /// @param sysfs where /sys of the host is mounted
    public static List<Collector> all(HostDirectory procfs, HostDirectory sysfs) {
        HostDirectory net = procfs.below("net");
        HostDirectory devices = sysfs.below("class/net");
        return List.of(
                new TableCollector("arp", SLOW, new Neighbours(net)::fill),
                new TableCollector("bonding", SLOW, new Bonds(devices)::fill),
                new TableCollector(
                        "fibrechannel", SLOW, new FibreChannel(sysfs.below("class/fc_host"))::fill),
                new TableCollector(
                        "infiniband", SLOW, new Fabric(sysfs.below("class/infiniband"))::fill),
                new TableCollector("ipvs", SLOW, new VirtualServers(net)::fill),
                new TableCollector("lnstat", SLOW, new CacheStatistics(net.below("stat"))::fill),
                new TableCollector("netclass", SLOW, new DeviceClass(devices)::fill),
                new TableCollector("network_route", SLOW, Routes::fill),
                new TableCollector("qdisc", SLOW, Qdiscs::fill),
                new TableCollector("tcpstat", SLOW, new TcpStates(net)::fill),
                new TableCollector("udp_queues", EACH_SCRAPE, new UdpQueues(net)::fill),
                new TableCollector("xfrm", SLOW, new Transforms(net)::fill));
    }
}
