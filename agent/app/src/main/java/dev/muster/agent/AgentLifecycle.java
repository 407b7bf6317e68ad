package dev.muster.agent;

import dev.muster.agent.api.AgentRoutes;
import dev.muster.agent.api.AgentView;
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
import dev.muster.agent.config.SettingsException;
import dev.muster.agent.config.StoreSettings;
import dev.muster.agent.config.TakeoverSettings;
import dev.muster.agent.config.TlsSettings;
import dev.muster.agent.config.UploadSettings;
import dev.muster.agent.config.UpnessSettings;
import dev.muster.agent.door.Door;
import dev.muster.yaml.YamlException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Ties the agent to Quarkus: configuration in, routes on its router, start and stop with the
/// application. The HTTP port answers at once; the agent is ready when it has read back its log.
@ApplicationScoped
class AgentLifecycle {
    private static final Logger LOG = System.getLogger(AgentLifecycle.class.getName());
    private static final long STOP_MS = 10_000;

    private final AgentPlan.Settings settings;
    private final Vertx vertx;
    private final Door door;
    private final AgentRoutes routes;
    private final AgentTls tls;

    private volatile @Nullable Router router;
    private @Nullable LocalPort localPort;
    private volatile @Nullable Agent agent;
    private volatile boolean stopping;
    private @Nullable Thread starter;

    @Inject
    AgentLifecycle(
            AgentSettings agentSettings,
            HttpSettings http,
            ScrapeSettings scrape,
            HeadSettings head,
            UploadSettings upload,
            StoreSettings store,
            CellSettings cell,
            ExporterSettings exporter,
            ServiceSettings services,
            PartSettings parts,
            TakeoverSettings takeover,
            UpnessSettings upness,
            EventSettings events,
            PushSettings push,
            TlsSettings tlsSettings,
            TlsServer server,
            Vertx vertx) {
        settings =
                new AgentPlan.Settings(
                        agentSettings,
                        http,
                        scrape,
                        head,
                        upload,
                        store,
                        cell,
                        exporter,
                        services,
                        parts,
                        takeover,
                        upness,
                        events,
                        push,
                        tlsSettings);
        tls = server.tls();
        this.vertx = vertx;
        door = new Door(vertx, AgentPlan.door(push));
        routes = new AgentRoutes(vertx, this::running, door::writeMetrics, Clock.systemUTC());
    }

    private Optional<AgentView> running() {
        return Optional.ofNullable(agent);
    }

    void onRoutes(@Observes Router main) {
        CallerGate.before(main, tls.callers());
        routes.register(main);
        new PushRoutes(door, () -> Optional.ofNullable(agent)).register(main);
        router = main;
    }

    void onStart(@Observes StartupEvent event) {
        Thread thread = new Thread(this::start, "muster-start");
        thread.setDaemon(true);
        thread.start();
        starter = thread;
    }

    private void start() {
        try {
            AgentPlan plan = AgentPlan.of(settings);
            tls.makeDefault();
            openLocalPort();
            Agent started = new AgentAssembly(plan, vertx, Clock.systemUTC(), tls).assemble();
            if (stopping) {
                started.close();
                return;
            }
            agent = started;
            HangupSignal.handle(this::reload);
            LOG.log(
                    Level.INFO,
                    () ->
                            "agent ready host="
                                    + plan.host()
                                    + " cell="
                                    + plan.cell()
                                    + " http="
                                    + settings.http().host()
                                    + ":"
                                    + settings.http().port()
                                    + " dataDir="
                                    + plan.dataDir()
                                    + " store="
                                    + plan.store().map(store -> store.url()).orElse("none"));
        } catch (StartException e) {
            end(e.exitCode(), String.valueOf(e.getMessage()));
        } catch (SettingsException e) {
            end(StartException.CONFIG, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "agent failed to start", e);
            end(1, "agent failed to start: " + e);
        }
    }

    private void openLocalPort() throws StartException {
        Router main = router;
        OptionalInt port = settings.tls().localPort();
        if (main != null && port.isPresent()) {
            localPort = LocalPort.open(vertx, main, port.getAsInt());
        }
    }

    /// On a signal, so that nobody waits for the answer.
    private void reload() {
        Agent running = agent;
        if (running == null) {
            return;
        }
        try {
            running.reload();
            LOG.log(
                    Level.INFO,
                    () -> "scrape configuration reloaded targets=" + running.targets().size());
        } catch (YamlException e) {
            LOG.log(Level.WARNING, () -> "scrape configuration kept as it was: " + e.getMessage());
        }
    }

    private static void end(int exitCode, String message) {
        AgentMain.complain(message);
        Quarkus.asyncExit(exitCode);
    }

    void onStop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        Thread thread = starter;
        if (thread != null && thread != Thread.currentThread()) {
            thread.join(STOP_MS);
        }
        Agent running = agent;
        agent = null;
        if (running != null) {
            running.close();
        }
        routes.close();
        if (localPort != null) {
            localPort.close();
        }
    }
}
