package dev.muster.model.frame;

import dev.muster.model.series.BudgetExceededException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What the answers to one question take of a [FrameSpace]: frames, in memory or in a file, and
/// their labels. Many answers may be put into one store at the same time. Closing it gives the room
/// back; nothing of it can be read then. Thread-safe.
public final class FrameStore implements AutoCloseable {
    /// Texts beyond these are not shared between answers.
    private static final int SHARED_TEXTS_LIMIT = 100_000;

    /// What a text takes beside its characters, and its place among the shared.
    private static final int TEXT_BYTES = 96;

    private final FrameSpace space;
    private final ConcurrentMap<String, String> texts = new ConcurrentHashMap<>();
    private final AtomicInteger textCount = new AtomicInteger();
    private final AtomicLong heldBytes = new AtomicLong();
    private final AtomicLong fileBytes = new AtomicLong();
    private @Nullable FileChannel file;
    private boolean closed;

    FrameStore(FrameSpace space) {
        this.space = space;
    }

    /// Keeps a frame.
    ///
    /// @param payload not to be changed any more
    /// @throws BudgetExceededException if there is room neither in memory nor in files
    KeptFrame keep(byte[] payload) throws IOException {
        if (space.takeForFrame(payload.length)) {
            heldBytes.addAndGet(payload.length);
            return new KeptFrame.InMemory(payload);
        }
        FileChannel channel = channel();
        space.takeDisk(payload.length);
        long offset = fileBytes.getAndAdd(payload.length);
        ByteBuffer bytes = ByteBuffer.wrap(payload);
        while (bytes.hasRemaining()) {
            channel.write(bytes, offset + bytes.position());
        }
        return new KeptFrame.InFile(channel, offset, payload.length);
    }

    /// Counts memory that cannot go to a file.
    ///
    /// @throws BudgetExceededException if there is no room
    void hold(long bytes) {
        space.take(bytes);
        heldBytes.addAndGet(bytes);
    }

    /// The same text, one object for all answers where possible.
    String shared(String text) {
        String known = texts.get(text);
        if (known != null) {
            return known;
        }
        hold(TEXT_BYTES + text.length());
        if (textCount.get() >= SHARED_TEXTS_LIMIT) {
            return text;
        }
        String before = texts.putIfAbsent(text, text);
        if (before != null) {
            return before;
        }
        textCount.incrementAndGet();
        return text;
    }

    private synchronized FileChannel channel() throws IOException {
        if (closed) {
            throw new IOException("frame store is closed");
        }
        FileChannel open = file;
        if (open == null) {
            open = space.openFile();
            file = open;
        }
        return open;
    }

    /// Gives all room back. May be called more than once; nobody may put anything in any more.
    @Override
    public synchronized void close() {
        closed = true;
        space.release(heldBytes.getAndSet(0));
        space.releaseDisk(fileBytes.getAndSet(0));
        texts.clear();
        FileChannel open = file;
        file = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                System.getLogger(FrameStore.class.getName())
                        .log(System.Logger.Level.WARNING, "file of frames was not closed", e);
            }
        }
    }
}
