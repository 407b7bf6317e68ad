package dev.muster.agent.exporter;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// The mounted file systems that are worth watching: /proc/1/mountinfo, or this process' own where
/// that may not be read.
final class MountTable {
    /// Mount points that node_exporter leaves out.
    private static final Pattern EXCLUDED_POINTS =
            Pattern.compile(
                    "/(dev|proc|run/credentials/.+|sys|var/lib/docker/.+"
                            + "|var/lib/containers/storage/.+)($|/.*)");

    /// File systems that node_exporter leaves out.
    private static final Set<String> EXCLUDED_TYPES =
            Set.of(
                    "autofs",
                    "binfmt_misc",
                    "bpf",
                    "cgroup",
                    "cgroup2",
                    "configfs",
                    "debugfs",
                    "devpts",
                    "devtmpfs",
                    "fusectl",
                    "hugetlbfs",
                    "iso9660",
                    "mqueue",
                    "nsfs",
                    "overlay",
                    "proc",
                    "procfs",
                    "pstore",
                    "rpc_pipefs",
                    "securityfs",
                    "selinuxfs",
                    "squashfs",
                    "erofs",
                    "sysfs",
                    "tracefs");

    /// One mounted file system.
    ///
    /// @param point where the host sees it
    /// @param path where this process sees it
    record Mount(
            String device,
            String point,
            String type,
            String major,
            String minor,
            boolean readOnly,
            String path) {}

    private final HostFile initial;
    private final HostFile own;
    private final String root;
    private final TextCursor text = new TextCursor();
    private byte[] seen = new byte[0];
    private List<Mount> mounts = List.of();

    MountTable(Path procfs, Path rootfs) {
        initial = new HostFile(procfs.resolve("1/mountinfo"));
        own = new HostFile(procfs.resolve("self/mountinfo"));
        root = rootfs.toString().equals("/") ? "" : rootfs.toString();
    }

    /// The mounts as they are now. The table is parsed only when it has changed.
    List<Mount> mounts() throws IOException {
        try {
            initial.read(text);
        } catch (FileNotFoundException e) {
            own.read(text);
        }
        byte[] bytes = text.bytes();
        if (!Arrays.equals(bytes, 0, text.size(), seen, 0, seen.length)) {
            mounts = parse();
            seen = Arrays.copyOf(bytes, text.size());
        }
        return mounts;
    }

    private List<Mount> parse() throws IOException {
        List<Mount> found = new ArrayList<>();
        Set<List<String>> known = new HashSet<>();
        while (text.nextLine()) {
            if (!text.restOfLine()) {
                continue;
            }
            Mount mount = parse(text.text());
            boolean excluded =
                    EXCLUDED_TYPES.contains(mount.type())
                            || EXCLUDED_POINTS.matcher(mount.point()).matches();
            if (!excluded && known.add(List.of(mount.device(), mount.point(), mount.type()))) {
                found.add(mount);
            }
        }
        return List.copyOf(found);
    }

    /// The fields are described in proc_pid_mountinfo(5): optional ones end with a dash.
    private Mount parse(String line) throws IOException {
        List<String> fields = List.of(line.split(" +", -1));
        int dash = fields.indexOf("-");
        if (dash < 6 || fields.size() < dash + 3) {
            throw new IOException("line of mountinfo must have ten fields: found=" + line);
        }
        String[] device = fields.get(2).split(":", 2);
        String point = unescape(fields.get(4));
        String hostPoint = stripRoot(point);
        boolean readOnly =
                hasReadOnly(fields.get(5))
                        || (fields.size() > dash + 3 && hasReadOnly(fields.get(dash + 3)));
        return new Mount(
                unescape(fields.get(dash + 2)),
                hostPoint,
                fields.get(dash + 1),
                device[0],
                device.length > 1 ? device[1] : "",
                readOnly,
                root + hostPoint);
    }

    private String stripRoot(String point) {
        if (root.isEmpty() || !point.startsWith(root)) {
            return point;
        }
        String stripped = point.substring(root.length());
        return stripped.isEmpty() ? "/" : stripped;
    }

    private static boolean hasReadOnly(String options) {
        return ("," + options + ",").contains(",ro,");
    }

    /// Replaces `\040` and other octal escapes.
    private static String unescape(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int size = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\\' && i + 3 < bytes.length && isOctal(bytes, i + 1)) {
                bytes[size++] =
                        (byte)
                                ((bytes[i + 1] - '0') * 64
                                        + (bytes[i + 2] - '0') * 8
                                        + (bytes[i + 3] - '0'));
                i += 3;
            } else {
                bytes[size++] = bytes[i];
            }
        }
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }

    private static boolean isOctal(byte[] bytes, int from) {
        for (int i = from; i < from + 3; i++) {
            if (bytes[i] < '0' || bytes[i] > '7') {
                return false;
            }
        }
        return true;
    }
}
