package dev.muster.agent.exporter.kernel;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.NoDataException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How the kernel steers its clock: adjtimex(2), called without changing anything, as glibc and
/// musl lay its answer out on 64-bit Linux. Confined to one thread.
final class ClockState {
    /*
     * struct timex in words of eight bytes: modes, offset, freq, maxerror, esterror, status,
     * constant, precision, tolerance, time (2), tick, ppsfreq, jitter, shift, stabil, jitcnt,
     * calcnt, errcnt, stbcnt, tai; the struct has 208 bytes.
     */
    private static final long ANSWER_BYTES = 256;

    private static final int OFFSET = 1;
    private static final int FREQUENCY = 2;
    private static final int MAX_ERROR = 3;
    private static final int ESTIMATED_ERROR = 4;
    private static final int STATUS = 5;
    private static final int CONSTANT = 6;
    private static final int TICK = 11;
    private static final int PPS_FREQUENCY = 12;
    private static final int PPS_JITTER = 13;
    private static final int PPS_SHIFT = 14;
    private static final int PPS_STABILITY = 15;
    private static final int PPS_JITTERS = 16;
    private static final int PPS_CALIBRATIONS = 17;
    private static final int PPS_ERRORS = 18;
    private static final int PPS_STABILITY_EXCEEDED = 19;
    private static final int TAI = 20;

    /// TIME_ERROR: the clock is not synchronized.
    private static final int NOT_SYNCHRONIZED = 5;

    /// STA_NANO: offsets are in nanoseconds.
    private static final int NANOSECONDS = 0x2000;

    private static final double MICRO = 1e6;
    private static final double NANO = 1e9;

    /// Frequencies are parts per million in 1/65536.
    private static final double PPM = 65536.0 * 1e6;

    private final Arena arena = Arena.ofAuto();
    private @Nullable MemorySegment answer;
    private @Nullable MethodHandle adjtimex;

    private static boolean isKnown() {
        String architecture = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return System.getProperty("os.name", "").equals("Linux")
                && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
                && (architecture.equals("amd64") || architecture.equals("aarch64"));
    }

    void fill(FamilyTable table) throws IOException {
        if (answer == null) {
            answer = arena.allocate(ANSWER_BYTES, 8);
        }
        int state = call();
        boolean nanoseconds = (number(STATUS) & NANOSECONDS) != 0;
        double unit = nanoseconds ? NANO : MICRO;
        gauge(
                table,
                "sync_status",
                "Whether the clock is synchronized.",
                state == NOT_SYNCHRONIZED ? 0 : 1);
        gauge(table, "status", "Status of the clock, as flags.", number(STATUS));
        gauge(table, "offset_seconds", "How far the clock is off.", word(OFFSET) / unit);
        gauge(
                table,
                "frequency_adjustment_ratio",
                "Speed of the clock.",
                1 + word(FREQUENCY) / PPM);
        gauge(table, "maxerror_seconds", "Largest error.", word(MAX_ERROR) / MICRO);
        gauge(table, "estimated_error_seconds", "Likely error.", word(ESTIMATED_ERROR) / MICRO);
        gauge(table, "loop_time_constant", "How slowly it follows.", word(CONSTANT));
        gauge(table, "tick_seconds", "Time between two ticks.", word(TICK) / MICRO);
        gauge(table, "tai_offset_seconds", "Leap seconds so far.", number(TAI));
        gauge(table, "pps_frequency_hertz", "Frequency of the pulse.", word(PPS_FREQUENCY) / PPM);
        gauge(table, "pps_jitter_seconds", "Jitter of the pulse.", word(PPS_JITTER) / unit);
        gauge(table, "pps_shift_seconds", "Interval of the pulse.", number(PPS_SHIFT));
        gauge(table, "pps_stability_hertz", "Stability of the pulse.", word(PPS_STABILITY) / PPM);
        counter(table, "pps_jitter_total", "Jitters over the limit.", word(PPS_JITTERS));
        counter(table, "pps_calibration_total", "Calibrations.", word(PPS_CALIBRATIONS));
        counter(table, "pps_error_total", "Failed calibrations.", word(PPS_ERRORS));
        counter(
                table,
                "pps_stability_exceeded_total",
                "Unstable pulses.",
                word(PPS_STABILITY_EXCEEDED));
    }

    /// What adjtimex answers, with what it says of the clock in the answer.
    private int call() throws NoDataException {
        MemorySegment into = Objects.requireNonNull(answer);
        into.fill((byte) 0);
        int state;
        try {
            state = (int) function().invokeExact(into);
        } catch (NoDataException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("adjtimex must be callable", e);
        }
        if (state < 0) {
            throw new NoDataException("adjtimex may not be called here");
        }
        return state;
    }

    /// Found at the first use, as most tests of the exporter have none.
    @SuppressWarnings("restricted")
    private MethodHandle function() throws NoDataException {
        MethodHandle known = adjtimex;
        if (known == null) {
            Linker linker = Linker.nativeLinker();
            known =
                    linker.downcallHandle(
                            linker.defaultLookup()
                                    .find("adjtimex")
                                    .filter(_ -> isKnown())
                                    .orElseThrow(() ->
                                            new NoDataException(
                                                    "adjtimex is known on 64-bit Linux alone")),
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
            adjtimex = known;
        }
        return known;
    }

    private double word(int index) {
        return Objects.requireNonNull(answer).getAtIndex(ValueLayout.JAVA_LONG, index);
    }

    /// A field of four bytes, which pads to a word.
    private int number(int index) {
        return Objects.requireNonNull(answer).get(ValueLayout.JAVA_INT, 8L * index);
    }

    private static void gauge(FamilyTable table, String name, String help, double value) {
        table.gauge("node_timex_" + name, help).add(value);
    }

    private static void counter(FamilyTable table, String name, String help, double value) {
        table.counter("node_timex_" + name, help).add(value);
    }
}
