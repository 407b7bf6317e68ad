package dev.muster.promql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/// Properties of parser and printer over random input; `-Dseed=` repeats a run.
class ParserPropertiesTest {
    private static final long SEED = Long.getLong("seed", 20_261_122L);
    private static final String ALPHABET =
            "abfmosxy0159.e_+-*/%^=!<>~(){}[],:@#\"'`\\ \n\u00e4\ud83d\ude00";
    private static final String[] WORDS = {
        "sum",
        "by",
        "(",
        ")",
        "rate",
        "[5m]",
        "{",
        "}",
        "a",
        "=",
        "=~",
        "\"x\"",
        "offset",
        "5m",
        "@",
        "start",
        "()",
        "on",
        "ignoring",
        "group_left",
        "bool",
        "1",
        "+",
        "and",
        ",",
        ":",
        "[",
        "]",
        "anchored",
        "fill",
        "-",
        "Inf",
        "0x1f",
        "'",
        "topk",
        "step"
    };

    private static int character(Random random) {
        int[] all = ALPHABET.codePoints().toArray();
        return all[random.nextInt(all.length)];
    }

    @Test
    void printedExpressionsParseToThemselves() throws QueryException {
        ExprGenerator generator = new ExprGenerator(new Random(SEED));
        for (int i = 0; i < 5_000; i++) {
            String printed = generator.any(4).toString();
            Expr parsed = parse(printed, i);
            assertThat(parsed.toString()).as("seed=%d, case=%d", SEED, i).isEqualTo(printed);
        }
    }

    private static Expr parse(String printed, int number) throws QueryException {
        try {
            return PromQl.parse(printed);
        } catch (QueryException e) {
            throw new AssertionError(
                    "seed=" + SEED + ", case=" + number + ": must parse: " + printed, e);
        }
    }

    @Test
    void randomCharactersAreRefusedOrParsed() {
        Random random = new Random(SEED);
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(30);
            for (int j = 0; j < length; j++) {
                text.appendCodePoint(character(random));
            }
            parseOrRefuse(text.toString());
        }
    }

    @Test
    void randomWordsAreRefusedOrParsed() {
        Random random = new Random(SEED);
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(15);
            for (int j = 0; j < length; j++) {
                text.append(WORDS[random.nextInt(WORDS.length)]);
                text.append(random.nextBoolean() ? " " : "");
            }
            parseOrRefuse(text.toString());
        }
    }

    @Test
    void mutatedQueriesAreRefusedOrParsed() {
        Random random = new Random(SEED);
        ExprGenerator generator = new ExprGenerator(random);
        for (int i = 0; i < 10_000; i++) {
            StringBuilder text = new StringBuilder(generator.any(3).toString());
            int at = random.nextInt(text.length());
            if (random.nextBoolean()) {
                text.deleteCharAt(at);
            } else {
                text.insert(at, Character.toString(character(random)));
            }
            parseOrRefuse(text.toString());
        }
    }

    @Test
    void deepNestingIsRefusedNotOverflown() {
        parseOrRefuse("(".repeat(100_000) + "1" + ")".repeat(100_000));
        parseOrRefuse("-".repeat(100_000) + "1");
        parseOrRefuse("a[" + "(".repeat(100_000));
        parseOrRefuse("a[" + "-".repeat(100_000) + "5m]");
        parseOrRefuse("1" + "+1".repeat(999));
        parseOrRefuse("1" + "+1".repeat(100_000));
        parseOrRefuse("1" + "^1".repeat(100_000));
    }

    /// Anything else than an expression or a refusal is a bug. What parses prints to something that
    /// parses to the same text.
    private static void parseOrRefuse(String text) {
        Expr expr;
        try {
            expr = PromQl.parse(text);
        } catch (QueryException e) {
            assertThat(e.kind()).isEqualTo(QueryException.Kind.PARSE);
            return;
        } catch (RuntimeException | StackOverflowError e) {
            String shown = text.substring(0, Math.min(200, text.length()));
            throw new AssertionError("seed=" + SEED + ": " + shown, e);
        }
        String printed = expr.toString();
        try {
            assertThat(PromQl.parse(printed).toString()).as(text).isEqualTo(printed);
        } catch (QueryException e) {
            throw new AssertionError("seed=" + SEED + ": " + text + " prints " + printed, e);
        }
    }
}
