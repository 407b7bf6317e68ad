package dev.muster.agent.exporter;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Locale;

/// The C library's statvfs(3), as glibc and musl lay its answer out on 64-bit Linux.
final class Statvfs implements FileSystemUsage {
    /*
     * struct statvfs in words of eight bytes: f_bsize, f_frsize, f_blocks, f_bfree, f_bavail,
     * f_files, f_ffree, ...; the whole struct has 112 bytes. Blocks are counted in f_frsize.
     */
    private static final long ANSWER_BYTES = 256;

    private static final int FRAGMENT_BYTES = 1;
    private static final int BLOCKS = 2;
    private static final int BLOCKS_FREE = 3;
    private static final int BLOCKS_AVAILABLE = 4;
    private static final int INODES = 5;
    private static final int INODES_FREE = 6;

    private static final int PATH_BYTES = 4096;

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment answer = arena.allocate(ANSWER_BYTES, 8);
    private final MemorySegment path = arena.allocate(PATH_BYTES);
    private final MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
    private final MethodHandle statvfs;
    private final VarHandle errno =
            Linker.Option.captureStateLayout()
                    .varHandle(MemoryLayout.PathElement.groupElement("errno"));

    @SuppressWarnings("restricted")
    Statvfs() {
        Linker linker = Linker.nativeLinker();
        statvfs =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("statvfs"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS),
                        Linker.Option.captureCallState("errno"));
    }

    static boolean isSupported() {
        String architecture = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return System.getProperty("os.name", "").equals("Linux")
                && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
                && (architecture.equals("amd64") || architecture.equals("aarch64"))
                && Linker.nativeLinker().defaultLookup().find("statvfs").isPresent();
    }

    @Override
    public String read(String name, double[] into, int offset) {
        if (name.length() * 3 >= PATH_BYTES) {
            return "file name too long";
        }
        path.setString(0, name);
        int result;
        try {
            result = (int) statvfs.invokeExact(state, path, answer);
        } catch (Throwable e) {
            throw new IllegalStateException("statvfs must be callable: path=" + name, e);
        }
        if (result != 0) {
            return error((int) errno.get(state, 0L));
        }
        double fragmentBytes = word(FRAGMENT_BYTES);
        into[offset + SIZE] = word(BLOCKS) * fragmentBytes;
        into[offset + FREE] = word(BLOCKS_FREE) * fragmentBytes;
        into[offset + AVAILABLE] = word(BLOCKS_AVAILABLE) * fragmentBytes;
        into[offset + FILES] = word(INODES);
        into[offset + FILES_FREE] = word(INODES_FREE);
        return "";
    }

    private double word(int index) {
        return answer.getAtIndex(ValueLayout.JAVA_LONG, index);
    }

    /// The errors that statvfs has on Linux, in the words that operators know.
    private static String error(int number) {
        return switch (number) {
            case 1 -> "operation not permitted";
            case 2 -> "no such file or directory";
            case 5 -> "input/output error";
            case 13 -> "permission denied";
            case 20 -> "not a directory";
            case 40 -> "too many levels of symbolic links";
            case 107 -> "transport endpoint is not connected";
            case 112 -> "host is down";
            case 113 -> "no route to host";
            case 116 -> "stale NFS file handle";
            default -> "errno " + number;
        };
    }
}
