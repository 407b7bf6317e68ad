package dev.muster.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

/// The texts and positions with which Prometheus refuses queries.
class ParserErrorsTest {
    /// @param error without `parse error: `
    private record Refused(String query, String error) {}

    private static final List<Refused> REFUSED =
            List.of(
                    new Refused("", "unknown position: no expression found in input"),
                    new Refused("# comment\n", "1:1: no expression found in input"),
                    new Refused("1+", "1:3: unexpected end of input"),
                    new Refused("1 +\n  ", "2:3: unexpected end of input"),
                    new Refused(".", "1:1: unexpected character: '.'"),
                    new Refused("2.5.", "1:1: bad number or duration syntax: \"2.5.\""),
                    new Refused("100..4", "1:1: bad number or duration syntax: \"100..\""),
                    new Refused("0deadbeef", "1:1: bad number or duration syntax: \"0de\""),
                    new Refused("*1", "1:1: unexpected <op:*>"),
                    new Refused("(1))", "1:5: unexpected right parenthesis ')'"),
                    new Refused("((1)", "1:5: unclosed left parenthesis"),
                    new Refused("(", "1:2: unclosed left parenthesis"),
                    new Refused(
                            "1 and 1",
                            "1:1: set operator \"and\" not allowed in binary scalar expression"),
                    new Refused(
                            "1 == 1", "1:3: comparisons between scalars must use BOOL modifier"),
                    new Refused("1 !~ 1", "1:3: unexpected character after '!': '~'"),
                    new Refused("1 =~ 1", "1:3: unexpected character after '=': '~'"),
                    new Refused(
                            "-\"string\"",
                            "1:1: unary expression only allowed on expressions of type scalar or"
                                    + " instant vector, got \"string\""),
                    new Refused(
                            "-test[5m]",
                            "1:1: unary expression only allowed on expressions of type scalar or"
                                    + " instant vector, got \"range vector\""),
                    new Refused(
                            "1 offset 1d",
                            "1:1: offset modifier must be preceded by an instant vector selector or"
                                    + " range vector selector or a subquery"),
                    new Refused(
                            "foo offset 1s offset 2s", "1:1: offset may not be set multiple times"),
                    new Refused(
                            "foo offset",
                            "1:11: unexpected end of input in offset, expected number, duration,"
                                    + " step(), or range()"),
                    new Refused("foo[5mm]", "1:5: bad number or duration syntax: \"5mm\""),
                    new Refused("foo[5m1]", "1:5: bad number or duration syntax: \"5m1\""),
                    new Refused("foo[0m]", "1:5: duration must be greater than 0"),
                    new Refused(
                            "foo[\"5m\"]",
                            "1:5: unexpected character in duration expression: '\"'"),
                    new Refused("foo[5m", "1:7: unclosed left bracket"),
                    new Refused("foo[5m] [1m]", "1:9: ranges only allowed for vector selectors"),
                    new Refused(
                            "(foo + bar)[5m]", "1:12: ranges only allowed for vector selectors"),
                    new Refused(
                            "foo offset 5m [1m]", "1:15: no offset modifiers allowed before range"),
                    new Refused("foo @ 1 [1m]", "1:9: no @ modifiers allowed before range"),
                    new Refused("foo @ 1 @ 2", "1:1: @ <timestamp> may not be set multiple times"),
                    new Refused(
                            "foo @ bar",
                            "1:7: unexpected identifier \"bar\" in @, expected timestamp"),
                    new Refused("foo{", "1:5: unexpected end of input inside braces"),
                    new Refused("}", "1:1: unexpected character: '}'"),
                    new Refused(
                            "foo{a=b}",
                            "1:7: unexpected identifier \"b\" in label matching, expected string"),
                    new Refused("foo{a:b=\"b\"}", "1:6: unexpected character inside braces: ':'"),
                    new Refused(
                            "foo{gibberish}",
                            "1:14: unexpected \"}\" in label matching, expected label matching"
                                    + " operator"),
                    new Refused(
                            "foo{a=\"b\" c=\"d\"}",
                            "1:11: unexpected identifier \"c\" in label matching, expected \",\""
                                    + " or \"}\""),
                    new Refused(
                            "{}",
                            "1:1: vector selector must contain at least one non-empty matcher"),
                    new Refused(
                            "{x=~\".*\"}",
                            "1:1: vector selector must contain at least one non-empty matcher"),
                    new Refused(
                            "foo{__name__=\"bar\"}",
                            "1:1: metric name must not be set twice: \"foo\" or \"bar\""),
                    new Refused(
                            "sum without(==)(x)",
                            "1:13: unexpected <op:==> in grouping opts, expected label"),
                    new Refused(
                            "sum by a (x)",
                            "1:8: unexpected identifier \"a\" in grouping opts,"
                                    + " expected \"(\""),
                    new Refused("sum()", "1:1: no arguments for aggregate expression provided"),
                    new Refused(
                            "sum(foo bar)", "1:9: unexpected identifier \"bar\" in aggregation"),
                    new Refused("foo bar", "1:5: unexpected identifier \"bar\""),
                    new Refused(
                            "topk(x)",
                            "1:1: wrong number of arguments for aggregate expression provided,"
                                    + " expected 2, got 1"),
                    new Refused(
                            "topk(x, y)",
                            "1:6: expected type scalar in aggregation parameter, got instant"
                                    + " vector"),
                    new Refused(
                            "topk(5,)", "1:7: trailing commas not allowed in function call args"),
                    new Refused(
                            "sum(x[5m])",
                            "1:5: expected type instant vector in aggregation expression, got range"
                                    + " vector"),
                    new Refused(
                            "floor()", "1:1: expected 1 argument(s) in call to \"floor\", got 0"),
                    new Refused(
                            "hour(x, y, z)",
                            "1:1: expected at most 1 argument(s) in call to \"hour\", got 3"),
                    new Refused(
                            "label_join()",
                            "1:1: expected at least 3 argument(s) in call to \"label_join\", got"
                                    + " 0"),
                    new Refused(
                            "rate(x)",
                            "1:6: expected type range vector in call to function \"rate\", got"
                                    + " instant vector"),
                    new Refused("nope(1)", "1:1: unknown function with name \"nope\""),
                    new Refused(
                            "a unless on(b) group_left(c) d",
                            "1:1: no grouping allowed for \"unless\" operation"),
                    new Refused(
                            "a + on(b) group_left(b) c",
                            "1:3: label \"b\" must not occur in ON and GROUP clause at once"),
                    new Refused(
                            "1 + on(b) c",
                            "1:1: vector matching only allowed between instant vectors"),
                    new Refused(
                            "a + bool b",
                            "1:3: bool modifier can only be used on comparison operators"),
                    new Refused("a - on(b) ignoring(c) d", "1:11: unexpected <ignoring>"),
                    new Refused(
                            "a[5m] + 1",
                            "1:1: binary expression must contain only scalar and instant vector"
                                    + " types"),
                    new Refused("\"open", "1:1: unterminated quoted string"),
                    new Refused("`open", "1:1: unterminated raw string"),
                    new Refused("\"\\c\"", "1:1: unknown escape sequence U+0063 'c'"),
                    new Refused("a[5m:1m:1m]", "1:8: unexpected colon ':'"),
                    new Refused(
                            "1[5m:]",
                            "1:1: subquery is only allowed on instant vector, got scalar instead"),
                    new Refused(
                            "a[5m] anchored smoothed",
                            "1:1: anchored and smoothed modifiers cannot be used together"),
                    new Refused(
                            "a{b=~\"(\"}", "1:3: error parsing regexp: missing closing ): `(`"));

    @Test
    void refusesAsPrometheusDoes() {
        for (Refused refused : REFUSED) {
            QueryException e =
                    catchThrowableOfType(QueryException.class, () -> PromQl.parse(refused.query()));
            assertThat(e).as("query %s", refused.query()).isNotNull();
            assertThat(e.kind()).isEqualTo(QueryException.Kind.PARSE);
            assertThat(e.getMessage().replaceFirst("parse error: ", ""))
                    .as("query %s", refused.query())
                    .isEqualTo(refused.error());
        }
    }
}
