package dev.muster.agent.intake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// Makes messages that are nearly right out of a corpus. The same seed makes the same ones.
public final class ByteMutator {
    private static final Path CORPUS = Path.of("src/test/resources/dev/muster/agent/intake/corpus");

    private final List<byte[]> corpus;
    private final List<String> tokens;
    private final Random random;

    /// @param kind directory of the corpus
    /// @param tokens that mean something in the format
    public ByteMutator(String kind, long seed, String... tokens) throws IOException {
        corpus = corpus(kind);
        this.tokens = List.of(tokens);
        random = new Random(seed);
    }

    /// All messages of a kind, in the order of their names.
    public static List<byte[]> corpus(String kind) throws IOException {
        try (Stream<Path> files = Files.list(CORPUS.resolve(kind))) {
            return files.sorted().map(ByteMutator::read).toList();
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public byte[] next() {
        byte[] message = corpus.get(random.nextInt(corpus.size()));
        for (int i = random.nextInt(4); i >= 0; i--) {
            int from = random.nextInt(message.length + 1);
            int to = Math.min(message.length, from + random.nextInt(20));
            message =
                    switch (random.nextInt(5)) {
                        case 0 -> splice(message, from, to, new byte[0]);
                        case 1 -> splice(message, from, to, token());
                        case 2 -> splice(message, from, from, token());
                        case 3 ->
                                splice(message, from, from, Arrays.copyOfRange(message, from, to));
                        default ->
                                splice(
                                        message,
                                        from,
                                        Math.min(message.length, from + 1),
                                        new byte[] {(byte) random.nextInt(256)});
                    };
        }
        return message;
    }

    private byte[] token() {
        return tokens.get(random.nextInt(tokens.size())).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] splice(byte[] message, int from, int to, byte[] middle) {
        byte[] result = new byte[from + middle.length + message.length - to];
        System.arraycopy(message, 0, result, 0, from);
        System.arraycopy(middle, 0, result, from, middle.length);
        System.arraycopy(message, to, result, from + middle.length, message.length - to);
        return result;
    }
}
