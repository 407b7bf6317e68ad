package dev.muster.launcher;

/// The exit code of this process, also where a signal ends it: the JVM would report 130 or 143 for
/// a stop that went well.
final class Exit {
    private Exit() {}

    /// Runs `last` when this process is asked to end, then leaves with code 0 for a clean end.
    static void onSignal(Runnable last) {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    last.run();
                                    Runtime.getRuntime().halt(0);
                                },
                                "stop"));
    }

    /// Leaves at once with a code; shutdown hooks do not run, as whoever calls has already tidied
    /// up.
    static void with(int code) {
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(code);
    }
}
