package dev.muster.query.alertmanager.config;

import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import dev.muster.yaml.YamlWriter;
import java.util.regex.Pattern;

/// A configuration file as the API shows it: secrets hidden, paths of URLs too, as many services
/// take a path for a password. It still reads as a configuration file, which `amtool` needs.
final class ShownFile {
    private static final Pattern SECRET =
            Pattern.compile(
                    ".*(password|secret|token|api_key|service_key|routing_key|user_key"
                            + "|credentials|authorization)");
    private static final Pattern URL =
            Pattern.compile("(?m)^(\\s*(?:- )*[a-z_]*url: ['\"]?https?://[^/\\s'\"]+)/[^\\s'\"]+");

    private ShownFile() {}

    static String of(YamlMap root) throws YamlException {
        YamlWriter writer = new YamlWriter(key -> SECRET.matcher(key).matches());
        writer.putOthers(root);
        return URL.matcher(writer.text()).replaceAll("$1/hidden");
    }
}
