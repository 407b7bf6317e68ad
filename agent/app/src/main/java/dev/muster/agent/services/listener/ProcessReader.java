package dev.muster.agent.services.listener;

/// Reads who a process is. Confined to one thread.
final class ProcessReader {
    private static final int TEXT_LIMIT_BYTES = 4_096;
    private static final int STATUS_LIMIT_BYTES = 8_192;
    private static final int CGROUP_LIMIT_BYTES = 16 << 10;
    private static final int NAME_LIMIT = 256;

    private final Procfs procfs;
    private final UserNames users;

    ProcessReader(Procfs procfs, UserNames users) {
        this.procfs = procfs;
        this.users = users;
    }

    ProcessIdentity read(int pid) {
        String directory = pid + "/";
        Cgroup cgroup = Cgroup.parse(procfs.text(directory + "cgroup", CGROUP_LIMIT_BYTES));
        String uid = uid(procfs.text(directory + "status", STATUS_LIMIT_BYTES));
        return new ProcessIdentity(
                pid,
                cut(procfs.text(directory + "comm", TEXT_LIMIT_BYTES).strip()),
                cut(procfs.link(directory + "exe")),
                CommandLine.shown(procfs.text(directory + "cmdline", TEXT_LIMIT_BYTES)),
                // users of a container are not those of the host
                cgroup.containerId().isEmpty() ? users.name(uid) : uid,
                cgroup);
    }

    /// The effective user in a `status` file; empty if there is none.
    static String uid(String status) {
        int at = status.indexOf("\nUid:");
        if (at < 0) {
            return "";
        }
        int end = status.indexOf('\n', at + 5);
        String[] ids =
                status.substring(at + 5, end < 0 ? status.length() : end).strip().split("\\s+", -1);
        return ids.length > 1 && Procfs.number(ids[1]) >= 0 ? ids[1] : "";
    }

    private static String cut(String text) {
        return text.length() <= NAME_LIMIT ? text : text.substring(0, NAME_LIMIT);
    }
}
