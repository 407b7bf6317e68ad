package dev.muster.query.template;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Puts values into HTML so that they can neither end the element or attribute they stand in nor
/// make a link run a script.
final class HtmlText {
    private static final Pattern LINK =
            Pattern.compile("(?i)\\s(?:href|src|action|formaction)\\s*=\\s*[\"']?$");
    private static final Pattern SCHEME = Pattern.compile("^\\s*([a-zA-Z][a-zA-Z0-9+.-]*):.*");
    private static final String REFUSED = "#refused";

    private HtmlText() {}

    /// A value as it may follow what is printed already.
    static String of(@Nullable Object value, CharSequence before) {
        if (value instanceof SafeText(var text)) {
            return text;
        }
        String text = value == null ? "" : GoText.of(value);
        return escaped(opensLink(before) && !isHarmless(text) ? REFUSED : text);
    }

    private static String escaped(String text) {
        StringBuilder result = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> result.append("&amp;");
                case '"' -> result.append("&#34;");
                case '\'' -> result.append("&#39;");
                case '<' -> result.append("&lt;");
                case '>' -> result.append("&gt;");
                case '+' -> result.append("&#43;");
                case '\0' -> result.append('\ufffd');
                default -> result.append(c);
            }
        }
        return result.toString();
    }

    private static boolean opensLink(CharSequence before) {
        int from = Math.max(0, before.length() - 32);
        return LINK.matcher(before.subSequence(from, before.length())).find();
    }

    private static boolean isHarmless(String url) {
        Matcher scheme = SCHEME.matcher(url);
        if (!scheme.matches()) {
            return true;
        }
        String name = scheme.group(1).toLowerCase(Locale.ROOT);
        return name.equals("http") || name.equals("https") || name.equals("mailto");
    }
}
