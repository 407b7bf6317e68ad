package dev.muster.agent.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The host exporter: `muster.exporter.*`.
@ConfigMapping(prefix = "muster.exporter")
public interface ExporterSettings {
    /// Where /proc of the host is mounted.
    @WithDefault("/proc")
    Path procfs();

    /// Where /sys of the host is mounted.
    @WithDefault("/sys")
    Path sysfs();

    /// Where the root file system of the host is mounted.
    @WithDefault("/")
    Path rootfs();

    /// Names of the collectors, separated by commas; `none`, `all`, or `+name` and `-name` beside
    /// the defaults, which are node_exporter's.
    Optional<List<String>> collectors();

    /// Directory of files `*.prom`, whose metrics become the host's.
    Optional<Path> textfileDirectory();

    /// Settings of the kernel that collector `sysctl` tells: `name`, `name:field,field` or
    /// `info:name`, separated by blanks.
    Optional<String> sysctl();
}
