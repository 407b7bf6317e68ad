package dev.muster.agent.exposition;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// Makes bodies that are nearly right out of a corpus. The same seed makes the same bodies.
final class Mutator {
    private static final List<String> TEXT_TOKENS =
            List.of(
                    "{",
                    "}",
                    "\"",
                    "\\",
                    "\n",
                    " ",
                    "\t",
                    ",",
                    "=",
                    "#",
                    "# EOF\n",
                    "# TYPE ",
                    "# HELP ",
                    "# UNIT ",
                    "NaN",
                    "+Inf",
                    "-1",
                    "1e999",
                    "0x1",
                    "_total",
                    "_bucket",
                    "le=\"+Inf\"",
                    "le=\"1\"",
                    "\0",
                    "\r\n",
                    "ü",
                    "🚀",
                    "{}",
                    " # {} 1",
                    " # {a=\"b\"} 1 2",
                    "# ",
                    "9999999999999999999",
                    "{\"",
                    "\"}",
                    "__name__",
                    "quantile=\"0.5\"",
                    "_created",
                    "_created 1.5\n",
                    "_count");

    /// Tags, and numbers that overflow when added to something.
    private static final List<byte[]> WIRE_TOKENS =
            List.of(
                    WireMessage.empty().number(6, 1).bytes(),
                    WireMessage.empty().real(1, Double.NaN).bytes(),
                    WireMessage.empty().real(1, 1).bytes(),
                    WireMessage.empty().text(1, "a").bytes(),
                    WireMessage.empty().number(3, 4).bytes(),
                    WireMessage.empty().message(1, WireMessage.label("le", "1")).bytes(),
                    WireMessage.empty().message(7, WireMessage.empty().number(1, 3)).bytes(),
                    WireMessage.empty().message(12, WireMessage.span(0, 1)).bytes(),
                    WireMessage.empty().packedSigned(13, 1).bytes(),
                    WireMessage.empty().packedReal(14, 1).bytes(),
                    WireMessage.empty().raw(-1).bytes(),
                    WireMessage.empty().raw(Long.MIN_VALUE).bytes(),
                    WireMessage.empty().raw(Integer.MAX_VALUE).bytes(),
                    new byte[] {0},
                    new byte[] {(byte) 0xff},
                    new byte[] {(byte) 0x80, 0});

    private final RandomGenerator random;
    private final List<byte[]> corpus;
    private final boolean text;

    Mutator(RandomGenerator random, List<byte[]> corpus, boolean text) {
        this.random = random;
        this.corpus = corpus;
        this.text = text;
    }

    byte[] next() {
        byte[] body = corpus.get(random.nextInt(corpus.size()));
        for (int i = random.nextInt(4); i >= 0; i--) {
            body = mutate(body);
        }
        return body;
    }

    private byte[] mutate(byte[] body) {
        int from = random.nextInt(body.length + 1);
        int to = Math.min(body.length, from + random.nextInt(1 + random.nextInt(40)));
        return switch (random.nextInt(text ? 7 : 10)) {
            case 0 -> flip(body);
            case 1 -> splice(body, from, to, new byte[0]);
            case 2 -> splice(body, from, from, token());
            case 3 -> splice(body, from, to, token());
            case 4 -> splice(body, from, from, Arrays.copyOfRange(body, from, to));
            case 5 -> Arrays.copyOf(body, from);
            case 6 -> {
                byte[] other = corpus.get(random.nextInt(corpus.size()));
                int start = random.nextInt(other.length + 1);
                yield splice(body, from, to, Arrays.copyOfRange(other, start, other.length));
            }
            // what keeps the lengths right that a binary body is full of
            case 7 -> flip(body);
            case 8 -> overwrite(body, from, token());
            default ->
                    overwrite(body, from, Arrays.copyOfRange(body, from / 2, from / 2 + to - from));
        };
    }

    private byte[] token() {
        return text
                ? TEXT_TOKENS
                        .get(random.nextInt(TEXT_TOKENS.size()))
                        .getBytes(StandardCharsets.UTF_8)
                : WIRE_TOKENS.get(random.nextInt(WIRE_TOKENS.size()));
    }

    private byte[] flip(byte[] body) {
        byte[] result = body.clone();
        if (result.length > 0) {
            result[random.nextInt(result.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return result;
    }

    private static byte[] overwrite(byte[] body, int from, byte[] with) {
        byte[] result = body.clone();
        System.arraycopy(with, 0, result, from, Math.min(with.length, result.length - from));
        return result;
    }

    private static byte[] splice(byte[] body, int from, int to, byte[] middle) {
        byte[] result = new byte[from + middle.length + body.length - to];
        System.arraycopy(body, 0, result, 0, from);
        System.arraycopy(middle, 0, result, from, middle.length);
        System.arraycopy(body, to, result, from + middle.length, body.length - to);
        return result;
    }
}
