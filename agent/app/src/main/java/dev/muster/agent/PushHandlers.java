package dev.muster.agent;

import dev.muster.agent.config.AgentPlan;
import dev.muster.agent.door.PushAnswer;
import dev.muster.agent.door.PushHandler;
import dev.muster.agent.door.PushRefusedException;
import dev.muster.agent.door.PushRequest;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.intake.Intake;
import dev.muster.agent.intake.influx.InfluxQuery;
import dev.muster.agent.intake.influx.InfluxWrite;
import dev.muster.agent.intake.otlp.OtlpMetrics;
import dev.muster.agent.intake.remote.RemoteWrite;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What takes pushes of a running agent, each made for its first push: most agents get none.
final class PushHandlers {
    private final Late<RemoteWrite> remoteWrite;
    private final Late<OtlpMetrics> otlp;
    private final Late<InfluxWrite> influx;
    private final Late<InfluxQuery> influxQuery = new Late<>(InfluxQuery::new);

    PushHandlers(Intake intake, AgentPlan plan) {
        otlp = new Late<>(() -> new OtlpMetrics(intake, plan.otlp()));
        influx = new Late<>(() -> new InfluxWrite(intake, Clock.systemUTC()));
        remoteWrite = new Late<>(() -> new RemoteWrite(intake));
    }

    PushHandler remoteWrite() {
        return remoteWrite;
    }

    PushHandler otlp() {
        return otlp;
    }

    PushHandler influxQuery() {
        return influxQuery;
    }

    PushHandler influx() {
        return influx;
    }

    void writeMetrics(ExpositionWriter out) {
        otlp.made().ifPresent(made -> made.writeMetrics(out));
    }

    /// A handler that is made when it is needed.
    private static final class Late<T extends PushHandler> implements PushHandler {
        private final Supplier<T> making;
        private @Nullable T made;

        Late(Supplier<T> making) {
            this.making = making;
        }

        @Override
        public PushAnswer handle(PushRequest request) throws PushRefusedException {
            return handler().handle(request);
        }

        synchronized Optional<T> made() {
            return Optional.ofNullable(made);
        }

        private synchronized T handler() {
            T handler = made;
            if (handler == null) {
                handler = making.get();
                made = handler;
            }
            return handler;
        }
    }
}
