package dev.muster.agent.exporter.storage;

import static dev.muster.agent.exporter.collect.TableCollector.SLOW;

import dev.muster.agent.exporter.collect.Collector;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.TableCollector;
import java.util.List;

/// The collectors of this package.
public final class StorageCollectors {
    private StorageCollectors() {}

    /// @param procfs where /proc of the host is mounted
    /// @param sysfs where /sys of the host is mounted
    public static List<Collector> all(HostDirectory procfs, HostDirectory sysfs) {
        Nfs nfs = new Nfs(procfs.below("net/rpc"));
        HostDirectory block = sysfs.below("block");
        HostDirectory fileSystems = sysfs.below("fs");
        return List.of(
                new TableCollector("bcache", SLOW, new Bcache(fileSystems.below("bcache"))::fill),
                new TableCollector(
                        "bcachefs", SLOW, new Bcachefs(fileSystems.below("bcachefs"))::fill),
                new TableCollector("btrfs", SLOW, new Btrfs(fileSystems.below("btrfs"))::fill),
                new TableCollector("dmmultipath", SLOW, new Multipath(block)::fill),
                new TableCollector("drbd", SLOW, new Replication(procfs)::fill),
                new TableCollector("mdadm", SLOW, new SoftwareRaid(procfs, block)::fill),
                new TableCollector("mountstats", SLOW, new NfsMounts(procfs)::fill),
                new TableCollector("nfs", SLOW, nfs::client),
                new TableCollector("nfsd", SLOW, nfs::server),
                new TableCollector("nvme", SLOW, new NvmeDevices(sysfs.below("class/nvme"))::fill),
                new TableCollector(
                        "tapestats", SLOW, new Tapes(sysfs.below("class/scsi_tape"))::fill),
                new TableCollector("xfs", SLOW, new Xfs(fileSystems.below("xfs"))::fill),
                new TableCollector("zfs", SLOW, new Zfs(procfs.below("spl/kstat/zfs"))::fill));
    }
}
