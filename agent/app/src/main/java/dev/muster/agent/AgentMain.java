package dev.muster.agent;

import dev.muster.agent.config.AgentPlan;
import dev.muster.agent.config.AgentSettings;
import dev.muster.agent.config.CellSettings;
import dev.muster.agent.config.EventSettings;
import dev.muster.agent.config.ExporterSettings;
import dev.muster.agent.config.HeadSettings;
import dev.muster.agent.config.HttpSettings;
import dev.muster.agent.config.PartSettings;
import dev.muster.agent.config.PushSettings;
import dev.muster.agent.config.ScrapeSettings;
import dev.muster.agent.config.ServiceSettings;
import dev.muster.agent.config.SettingKeys;
import dev.muster.agent.config.SettingsException;
import dev.muster.agent.config.StoreSettings;
import dev.muster.agent.config.TakeoverSettings;
import dev.muster.agent.config.TlsSettings;
import dev.muster.agent.config.UploadSettings;
import dev.muster.agent.config.UpnessSettings;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/// Starts the agent's process. What an operator has to mend is told in one line, with exit code 2
/// for configuration and 3 for the machine.
@QuarkusMain
public final class AgentMain {
    private AgentMain() {}

    public static void main(String... arguments) {
        try {
            HttpSettings http = checkedSettings();
            refusePortInUse(http.host(), http.port());
        } catch (SettingsException e) {
            complain(String.valueOf(e.getMessage()));
            System.exit(StartException.CONFIG);
        } catch (StartException e) {
            complain(String.valueOf(e.getMessage()));
            System.exit(e.exitCode());
        }
        Quarkus.run(arguments);
    }

    static void complain(String message) {
        System.err.println("muster agent: " + message);
    }

    /// Reads all keys once before Quarkus does, whose own complaint would be a stack trace.
    private static HttpSettings checkedSettings() {
        SmallRyeConfig config = config();
        SettingKeys.refuseUnknown(config.getPropertyNames(), System.getenv());
        HttpSettings http = config.getConfigMapping(HttpSettings.class);
        AgentPlan.of(
                new AgentPlan.Settings(
                        config.getConfigMapping(AgentSettings.class),
                        http,
                        config.getConfigMapping(ScrapeSettings.class),
                        config.getConfigMapping(HeadSettings.class),
                        config.getConfigMapping(UploadSettings.class),
                        config.getConfigMapping(StoreSettings.class),
                        config.getConfigMapping(CellSettings.class),
                        config.getConfigMapping(ExporterSettings.class),
                        config.getConfigMapping(ServiceSettings.class),
                        config.getConfigMapping(PartSettings.class),
                        config.getConfigMapping(TakeoverSettings.class),
                        config.getConfigMapping(UpnessSettings.class),
                        config.getConfigMapping(EventSettings.class),
                        config.getConfigMapping(PushSettings.class),
                        config.getConfigMapping(TlsSettings.class)));
        var _ = AgentTls.open(config.getConfigMapping(TlsSettings.class));
        return http;
    }

    private static SmallRyeConfig config() {
        try {
            return new SmallRyeConfigBuilder()
                    .addDefaultInterceptors()
                    .addDefaultSources()
                    .addDiscoveredSources()
                    .addDiscoveredConverters()
                    .withMapping(AgentSettings.class)
                    .withMapping(HttpSettings.class)
                    .withMapping(ScrapeSettings.class)
                    .withMapping(HeadSettings.class)
                    .withMapping(UploadSettings.class)
                    .withMapping(StoreSettings.class)
                    .withMapping(CellSettings.class)
                    .withMapping(ExporterSettings.class)
                    .withMapping(ServiceSettings.class)
                    .withMapping(PartSettings.class)
                    .withMapping(TakeoverSettings.class)
                    .withMapping(UpnessSettings.class)
                    .withMapping(EventSettings.class)
                    .withMapping(PushSettings.class)
                    .withMapping(TlsSettings.class)
                    .withMappingIgnore("muster.**")
                    .withMappingIgnore("quarkus.**")
                    .build();
        } catch (ConfigValidationException e) {
            StringBuilder problems = new StringBuilder();
            for (int i = 0; i < e.getProblemCount(); i++) {
                problems.append(i == 0 ? "" : "; ").append(plain(e.getProblem(i).getMessage()));
            }
            throw SettingsException.of("config: " + problems);
        } catch (IllegalArgumentException e) {
            throw SettingsException.of("config: " + plain(String.valueOf(e.getMessage())));
        }
    }

    /// Without the exception's name and the library's number of the message.
    private static String plain(String message) {
        return message.replaceFirst("^[\\w.]+Exception: ", "").replaceFirst("^SRCFG\\d+: ", "");
    }

    /// The port is bound by Quarkus a moment later; this finds the usual case.
    private static void refusePortInUse(String host, int port) throws StartException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new StartException(
                    StartException.MACHINE,
                    "muster.http.port must be free: host="
                            + host
                            + ", port="
                            + port
                            + ", "
                            + e.getMessage(),
                    e);
        }
    }
}
