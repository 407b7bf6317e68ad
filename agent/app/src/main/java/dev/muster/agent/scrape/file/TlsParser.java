package dev.muster.agent.scrape.file;

import dev.muster.agent.scrape.job.Secret;
import dev.muster.agent.scrape.job.TlsAccess;
import dev.muster.agent.scrape.job.TlsVersion;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/// Reads `tls_config`.
final class TlsParser {
    private static final String VERSIONS = "TLS10, TLS11, TLS12 or TLS13";

    private TlsParser() {}

    static TlsAccess parse(YamlMap config, Path directory) throws YamlException {
        Optional<YamlMap> map = config.map("tls_config");
        if (map.isEmpty()) {
            return TlsAccess.DEFAULT;
        }
        YamlMap tls = map.get();
        Optional<Secret> ca = SecretParser.parse(tls, "ca", "ca_file", directory);
        Optional<Secret> cert = SecretParser.parse(tls, "cert", "cert_file", directory);
        Optional<Secret> key = SecretParser.parse(tls, "key", "key_file", directory);
        TlsVersion newest = tls.value("max_version", TlsVersion.TLS13, VERSIONS, TlsVersion::of);
        TlsVersion oldest =
                tls.value(
                        "min_version",
                        newest.compareTo(TlsVersion.TLS12) < 0 ? newest : TlsVersion.TLS12,
                        VERSIONS,
                        TlsVersion::of);
        String serverName = tls.text("server_name", "");
        boolean insecure = tls.flag("insecure_skip_verify", false);
        tls.refuseOthers(Set.of("ca_ref", "cert_ref", "key_ref"));
        try {
            return new TlsAccess(ca, cert, key, serverName, insecure, oldest, newest);
        } catch (IllegalArgumentException e) {
            throw tls.error(
                    cert.isPresent() == key.isPresent() ? "min_version" : "cert_file",
                    String.valueOf(e.getMessage()));
        }
    }
}
