package dev.muster.launcher.process;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A process that is to run: everything needed to start it, to know when it is ready and to find it
/// again.
///
/// @param name what people call it, such as `a1`; unique within a run
/// @param command program and arguments; holds `marker`
/// @param environment set beside the launcher's own: what must not stand in a command line
/// @param marker a text in the command line that no other process carries
/// @param log where its output is appended
/// @param readyAt answers 200 once the process does its work
public record ChildSpec(
        String name,
        List<String> command,
        Map<String, String> environment,
        String marker,
        Path log,
        URI readyAt) {
    public ChildSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        if (command.stream().noneMatch(argument -> argument.contains(marker))) {
            throw new IllegalArgumentException(
                    "command must hold the marker: name=" + name + ", marker=" + marker);
        }
    }

    /// Without the values of the environment, which may be secrets.
    @Override
    public String toString() {
        return "ChildSpec[name=" + name + ", command=" + command + "]";
    }
}
