package dev.muster.agent.exporter.storage;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.Words;
import java.io.IOException;

/// What the NFS client and server counted: /proc/net/rpc/nfs and nfsd.
record Nfs(HostDirectory rpc) {
    private static final String[] V2 = {
        "Null", "GetAttr", "SetAttr", "Root", "Lookup", "ReadLink", "Read", "WrCache", "Write",
        "Create", "Remove", "Rename", "Link", "SymLink", "MkDir", "RmDir", "ReadDir", "FsStat"
    };
    private static final String[] V3 = {
        "Null", "GetAttr", "SetAttr", "Lookup", "Access", "ReadLink", "Read", "Write", "Create",
        "MkDir", "SymLink", "MkNod", "Remove", "RmDir", "Rename", "Link", "ReadDir", "ReadDirPlus",
        "FsStat", "FsInfo", "PathConf", "Commit"
    };
    private static final String[] CLIENT_V4 = {
        "Null",
        "Read",
        "Write",
        "Commit",
        "Open",
        "OpenConfirm",
        "OpenNoattr",
        "OpenDowngrade",
        "Close",
        "Setattr",
        "FsInfo",
        "Renew",
        "SetClientID",
        "SetClientIDConfirm",
        "Lock",
        "Lockt",
        "Locku",
        "Access",
        "Getattr",
        "Lookup",
        "LookupRoot",
        "Remove",
        "Rename",
        "Link",
        "Symlink",
        "Create",
        "Pathconf",
        "StatFs",
        "ReadLink",
        "ReadDir",
        "ServerCaps",
        "DelegReturn",
        "GetACL",
        "SetACL",
        "FsLocations",
        "ReleaseLockowner",
        "Secinfo",
        "FsidPresent",
        "ExchangeID",
        "CreateSession",
        "DestroySession",
        "Sequence",
        "GetLeaseTime",
        "ReclaimComplete",
        "GetDeviceInfo",
        "LayoutGet",
        "LayoutCommit",
        "LayoutReturn",
        "SecinfoNoName",
        "TestStateID",
        "FreeStateID",
        "GetDeviceList",
        "BindConnToSession",
        "DestroyClientID",
        "Seek",
        "Allocate",
        "DeAllocate",
        "LayoutStats",
        "Clone"
    };

    /// Empty for what is not told.
    private static final String[] SERVER_V4 = {
        "",
        "",
        "",
        "Access",
        "Close",
        "Commit",
        "Create",
        "DelegPurge",
        "DelegReturn",
        "GetAttr",
        "GetFH",
        "Link",
        "Lock",
        "Lockt",
        "Locku",
        "Lookup",
        "LookupRoot",
        "Nverify",
        "Open",
        "OpenAttr",
        "OpenConfirm",
        "OpenDgrd",
        "PutFH",
        "",
        "",
        "Read",
        "ReadDir",
        "ReadLink",
        "Remove",
        "Rename",
        "Renew",
        "RestoreFH",
        "SaveFH",
        "SecInfo",
        "SetAttr",
        "SetClientID",
        "SetClientIDConfirm",
        "Verify",
        "Write",
        "RelLockOwner"
    };

    void client(FamilyTable table) throws IOException {
        String requests = "node_nfs_requests_total";
        for (String line : rpc.required("nfs").lines().toList()) {
            String[] words = Words.of(line);
            switch (words[0]) {
                case "net" -> {
                    FamilyTable.Family packets =
                            table.counter("node_nfs_packets_total", "Packets by protocol.");
                    packets.add(number(words, 2), "protocol", "udp");
                    packets.add(number(words, 3), "protocol", "tcp");
                    table.counter("node_nfs_connections_total", "Connections.")
                            .add(number(words, 4));
                }
                case "rpc" -> {
                    table.counter("node_nfs_rpcs_total", "Calls.").add(number(words, 1));
                    table.counter("node_nfs_rpc_retransmissions_total", "Calls sent again.")
                            .add(number(words, 2));
                    table.counter(
                                    "node_nfs_rpc_authentication_refreshes_total",
                                    "Authentications made anew.")
                            .add(number(words, 3));
                }
                case "proc2" -> procedures(requests, V2, words, "2", table);
                case "proc3" -> procedures(requests, V3, words, "3", table);
                case "proc4" -> procedures(requests, CLIENT_V4, words, "4", table);
                default -> {
                    // newer kernels may tell more
                }
            }
        }
    }

    void server(FamilyTable table) throws IOException {
        String requests = "node_nfsd_requests_total";
        for (String line : rpc.required("nfsd").lines().toList()) {
            String[] words = Words.of(line);
            switch (words[0]) {
                case "rc" -> replyCache(words, table);
                case "fh" ->
                        table.counter("node_nfsd_file_handles_stale_total", "Stale handles.")
                                .add(number(words, 1));
                case "io" -> {
                    table.counter("node_nfsd_disk_bytes_read_total", "Bytes read.")
                            .add(number(words, 1));
                    table.counter("node_nfsd_disk_bytes_written_total", "Bytes written.")
                            .add(number(words, 2));
                }
                case "th" ->
                        table.gauge("node_nfsd_server_threads", "Threads.").add(number(words, 1));
                case "ra" -> {
                    table.gauge("node_nfsd_read_ahead_cache_size_blocks", "Blocks read ahead.")
                            .add(number(words, 1));
                    table.counter(
                                    "node_nfsd_read_ahead_cache_not_found_total",
                                    "Blocks not found in the cache.")
                            .add(number(words, 12));
                }
                case "net" -> {
                    FamilyTable.Family packets =
                            table.counter("node_nfsd_packets_total", "Packets by protocol.");
                    packets.add(number(words, 2), "proto", "udp");
                    packets.add(number(words, 3), "proto", "tcp");
                    table.counter("node_nfsd_connections_total", "Connections.")
                            .add(number(words, 4));
                }
                case "rpc" -> serverCalls(words, table);
                case "proc2" -> procedures(requests, withoutNull(V2), words, "2", table);
                case "proc3" -> procedures(requests, withoutNull(V3), words, "3", table);
                case "proc4ops" -> procedures(requests, SERVER_V4, words, "4", table);
                case "wdeleg_getattr" ->
                        table.counter(requests, "Requests by method.")
                                .add(number(words, 1), "method", "WdelegGetattr", "proto", "4");
                default -> {
                    // newer kernels may tell more
                }
            }
        }
    }

    /// Calls that only ask whether the server is there are not told of a server.
    private static String[] withoutNull(String[] names) {
        String[] told = names.clone();
        told[0] = "";
        return told;
    }

    private static void replyCache(String[] words, FamilyTable table) {
        table.counter("node_nfsd_reply_cache_hits_total", "Answers lost and sent again.")
                .add(number(words, 1));
        table.counter("node_nfsd_reply_cache_misses_total", "Calls that had to be kept.")
                .add(number(words, 2));
        table.counter("node_nfsd_reply_cache_nocache_total", "Calls that had not to be kept.")
                .add(number(words, 3));
    }

    private static void serverCalls(String[] words, FamilyTable table) {
        table.counter("node_nfsd_server_rpcs_total", "Calls.").add(number(words, 1));
        FamilyTable.Family errors =
                table.counter("node_nfsd_rpc_errors_total", "Calls with errors, by type.");
        errors.add(number(words, 3), "error", "fmt");
        errors.add(number(words, 4), "error", "auth");
        errors.add(number(words, 5), "error", "cInt");
    }

    private static void procedures(
            String family, String[] names, String[] words, String version, FamilyTable table) {
        FamilyTable.Family requests = table.counter(family, "Requests by method.");
        for (int i = 0; i < names.length; i++) {
            if (!names[i].isEmpty()) {
                requests.add(number(words, i + 2), "method", names[i], "proto", version);
            }
        }
    }

    /// Older kernels tell less: zero.
    private static double number(String[] words, int index) {
        return index < words.length ? HostDirectory.parse(words[index]).orElse(0) : 0;
    }
}
