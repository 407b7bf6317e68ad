package dev.muster.agent.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Mutates our corpus: whatever comes, a body is read to its end or refused with a place in it.
///
/// More rounds with `-Dmuster.fuzz.rounds=N`, the same ones with `-Dseed=N`.
class ExpositionFuzzTest {
    private static final int ROUNDS = Integer.getInteger("muster.fuzz.rounds", 30_000);

    private static final List<String> TOKENS =
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
                    "\0",
                    "\r\n",
                    "ü",
                    "🚀",
                    "{}",
                    " # {} 1",
                    "# ",
                    "9999999999999999999",
                    "{\"",
                    "\"}",
                    "__name__",
                    "quantile=\"0.5\"",
                    "_created",
                    "_count");

    @ParameterizedTest
    @EnumSource(names = {"PROMETHEUS_TEXT", "OPENMETRICS_TEXT"})
    void readsOrRefuses(ExpositionFormat format) {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed=" + seed);
        Random random = new Random(seed);
        List<byte[]> corpus = Bodies.corpus(format);
        ExpositionParser parser =
                new ExpositionParser(new ExpositionLimits(2_000, 20, 100, 500, 100, 50));
        int accepted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] body = corpus.get(random.nextInt(corpus.size()));
            for (int i = random.nextInt(4); i >= 0; i--) {
                body = mutate(random, body, corpus);
            }
            accepted += parse(parser, format, body) ? 1 : 0;
        }
        assertThat(accepted).isBetween(1, ROUNDS - 1);
    }

    private static boolean parse(ExpositionParser parser, ExpositionFormat format, byte[] body) {
        try {
            parser.reset(format, body, body.length);
            int before = -1;
            while (parser.next()) {
                assertThat(parser.keyStart()).isGreaterThan(before);
                assertThat(parser.keyEnd()).isBetween(parser.keyStart() + 1, body.length);
                assertThat(parser.valueStart()).isBetween(parser.keyEnd(), parser.valueEnd());
                assertThat(parser.labels().metric()).isNotEmpty();
                assertThat(parser.metadata()).isNotNull();
                assertThat(parser.line()).isPositive();
                parser.value();
                before = parser.valueEnd();
            }
            return true;
        } catch (ExpositionException e) {
            assertThat(e.line()).isBetween(1, 1 + newlines(body));
            assertThat(e.column()).isBetween(1, body.length + 1);
            return false;
        } catch (RuntimeException e) {
            throw new AssertionError(
                    "body: " + Arrays.toString(body) + new String(body, StandardCharsets.UTF_8), e);
        }
    }

    private static int newlines(byte[] body) {
        int count = 0;
        for (byte b : body) {
            count += b == '\n' ? 1 : 0;
        }
        return count;
    }

    private static byte[] mutate(Random random, byte[] body, List<byte[]> corpus) {
        int from = random.nextInt(body.length + 1);
        int to = Math.min(body.length, from + random.nextInt(1 + random.nextInt(40)));
        return switch (random.nextInt(7)) {
            case 0 -> flip(random, body);
            case 1 -> splice(body, from, to, new byte[0]);
            case 2 -> splice(body, from, from, token(random));
            case 3 -> splice(body, from, to, token(random));
            case 4 -> splice(body, from, from, Arrays.copyOfRange(body, from, to));
            case 5 -> Arrays.copyOf(body, from);
            default -> {
                byte[] other = corpus.get(random.nextInt(corpus.size()));
                int start = random.nextInt(other.length + 1);
                yield splice(body, from, to, Arrays.copyOfRange(other, start, other.length));
            }
        };
    }

    private static byte[] token(Random random) {
        return TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] flip(Random random, byte[] body) {
        byte[] result = body.clone();
        if (result.length > 0) {
            result[random.nextInt(result.length)] ^= (byte) (1 << random.nextInt(8));
        }
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
