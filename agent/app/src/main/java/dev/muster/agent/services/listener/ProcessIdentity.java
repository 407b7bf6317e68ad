package dev.muster.agent.services.listener;

/// Who a process is.
///
/// @param pid its number; 0 where the process could not be seen
/// @param comm its short name
/// @param exe its program; empty where it could not be seen
/// @param command program and what it runs, without arguments that may be secrets
/// @param user its user's name, or number where that has no name
/// @param cgroup what it belongs to
record ProcessIdentity(
        int pid, String comm, String exe, String command, String user, Cgroup cgroup) {
    /// A process that this agent is not allowed to see.
    static final ProcessIdentity UNSEEN = new ProcessIdentity(0, "", "", "", "", Cgroup.NONE);

    boolean seen() {
        return pid > 0;
    }
}
