package dev.muster.federation.directory;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.zip.CRC32C;

/// What stands for the hosts of a cell where bits of a row are numbered by them.
public final class RosterHash {
    private RosterHash() {}

    /// CRC32C over the hosts, ascending, each followed by a zero byte.
    public static int of(Collection<String> hosts) {
        var crc = new CRC32C();
        hosts.stream()
                .sorted()
                .distinct()
                .forEach(host -> {
                    crc.update(host.getBytes(StandardCharsets.UTF_8));
                    crc.update(0);
                });
        return (int) crc.getValue();
    }
}
