package dev.muster.agent.exporter.network;

import dev.muster.agent.exporter.collect.NoDataException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/// Asks the kernel for all objects of a kind by netlink(7), for what no file of /proc or /sys
/// tells. Needs no privilege. Confined to one thread.
final class Netlink {
    /*
     * A message is u32 length, u16 type, u16 flags, u32 sequence, u32 port, then a body; messages
     * begin at multiples of four bytes. A dump is answered with many of them, in several packets,
     * and NLMSG_DONE.
     */
    private static final int FAMILY = 16;
    private static final int RAW_AND_CLOSED_ON_EXEC = 0x80003;
    private static final int ROUTE = 0;
    private static final int SOCKET_LEVEL = 1;
    private static final int RECEIVE_TIMEOUT = 20;
    private static final long TIMEOUT_MICROS = 400_000;
    private static final short REQUEST_AND_DUMP = 0x301;
    private static final int HEADER = 16;
    private static final int ERROR = 2;
    private static final int DONE = 3;
    private static final int FIRST_OBJECT = 16;
    private static final int PACKET_BYTES = 1 << 16;

    /// Most packets of one answer: some million objects.
    private static final int PACKETS_LIMIT = 10_000;

    /// Takes one object.
    @FunctionalInterface
    interface Objects {
        /// @param body in the order of the machine; valid until this returns
        void object(ByteBuffer body) throws IOException;
    }

    private final MemorySegment state;
    private final MemorySegment packet;
    private final MemorySegment timeout;
    private final MethodHandle socket;
    private final MethodHandle setOption;
    private final MethodHandle send;
    private final MethodHandle receive;
    private final MethodHandle close;
    private final VarHandle errno =
            Linker.Option.captureStateLayout()
                    .varHandle(MemoryLayout.PathElement.groupElement("errno"));

    /// @throws NoDataException on a system whose calls we do not know
    @SuppressWarnings("restricted")
    Netlink() throws NoDataException {
        if (!isKnown()) {
            throw new NoDataException("netlink is asked on 64-bit Linux only");
        }
        Arena arena = Arena.ofAuto();
        state = arena.allocate(Linker.Option.captureStateLayout());
        packet = arena.allocate(PACKET_BYTES, 8);
        timeout = arena.allocate(16, 8);
        timeout.setAtIndex(ValueLayout.JAVA_LONG, 1, TIMEOUT_MICROS);
        var number = ValueLayout.JAVA_INT;
        var size = ValueLayout.JAVA_LONG;
        var address = ValueLayout.ADDRESS;
        socket = call("socket", FunctionDescriptor.of(number, number, number, number));
        setOption =
                call(
                        "setsockopt",
                        FunctionDescriptor.of(number, number, number, number, address, number));
        send = call("send", FunctionDescriptor.of(size, number, address, size, number));
        receive = call("recv", FunctionDescriptor.of(size, number, address, size, number));
        close = call("close", FunctionDescriptor.of(number, number));
    }

    @SuppressWarnings("restricted")
    private static MethodHandle call(String name, FunctionDescriptor shape) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                shape,
                Linker.Option.captureCallState("errno"));
    }

    static boolean isKnown() {
        String architecture = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return System.getProperty("os.name", "").equals("Linux")
                && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
                && (architecture.equals("amd64") || architecture.equals("aarch64"));
    }

    /// Asks for all objects of a kind.
    ///
    /// @param type of the request, RTM_GET...
    /// @param bodyBytes of the request's body, all zero
    /// @throws IOException if the kernel does not answer, or with an error
    void dump(int type, int bodyBytes, Objects objects) throws IOException {
        try {
            int descriptor = (int) socket.invokeExact(state, FAMILY, RAW_AND_CLOSED_ON_EXEC, ROUTE);
            check("socket", descriptor);
            try {
                ask(descriptor, type, bodyBytes);
                answers(descriptor, objects);
            } finally {
                int _ = (int) close.invokeExact(state, descriptor);
            }
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("netlink must be callable", e);
        }
    }

    private void ask(int descriptor, int type, int bodyBytes) throws Throwable {
        check(
                "setsockopt",
                (int)
                        setOption.invokeExact(
                                state, descriptor, SOCKET_LEVEL, RECEIVE_TIMEOUT, timeout, 16));
        int length = HEADER + bodyBytes;
        MemorySegment request = packet.asSlice(0, length);
        request.fill((byte) 0);
        request.asByteBuffer()
                .order(ByteOrder.nativeOrder())
                .putInt(length)
                .putShort((short) type)
                .putShort(REQUEST_AND_DUMP);
        check("send", (long) send.invokeExact(state, descriptor, packet, (long) length, 0));
    }

    private void answers(int descriptor, Objects objects) throws Throwable {
        for (int packets = 0; packets < PACKETS_LIMIT; packets++) {
            long length =
                    (long) receive.invokeExact(state, descriptor, packet, (long) PACKET_BYTES, 0);
            check("recv", length);
            ByteBuffer in = packet.asSlice(0, length).asByteBuffer().order(ByteOrder.nativeOrder());
            if (read(in, objects)) {
                return;
            }
        }
        throw new IOException("netlink answer must end: packets=" + PACKETS_LIMIT);
    }

    private void check(String call, long result) throws IOException {
        if (result < 0) {
            throw new IOException(
                    "netlink must answer: call=" + call + ", errno=" + (int) errno.get(state, 0L));
        }
    }

    /// Reads the messages of one packet.
    ///
    /// @return was it the last one?
    static boolean read(ByteBuffer in, Objects objects) throws IOException {
        int at = 0;
        while (in.limit() - at >= HEADER) {
            int length = in.getInt(at);
            int type = Short.toUnsignedInt(in.getShort(at + 4));
            if (length < HEADER || length > in.limit() - at) {
                throw new IOException(
                        "netlink message must fit: offsetBytes=" + at + ", length=" + length);
            }
            if (type == DONE) {
                return true;
            }
            ByteBuffer body = in.slice(at + HEADER, length - HEADER).order(in.order());
            if (type == ERROR) {
                throw new IOException(
                        "kernel must answer by netlink: errno="
                                + (body.limit() < 4 ? 0 : -body.getInt(0)));
            }
            if (type >= FIRST_OBJECT) {
                objects.object(body);
            }
            at += (length + 3) & ~3;
        }
        return false;
    }
}
