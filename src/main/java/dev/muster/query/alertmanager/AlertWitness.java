package dev.muster.query.alertmanager;

import dev.muster.blocks.alerts.AlertRow;
import dev.muster.query.alertmanager.state.Alert;
import dev.muster.query.alertmanager.state.Silence;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/// Writes down what becomes of alerts and silences. Thread-safe.
public interface AlertWitness {
    /// Nobody.
    AlertWitness NONE =
            new AlertWitness() {
                @Override
                public void alerts(List<Alert> alerts) {}

                @Override
                public void silence(Silence silence, boolean fresh) {}

                @Override
                public void row(AlertRow row) {}

                @Override
                public void silences(Collection<Silence> all, Instant now) {}
            };

    /// These are known now, of this node or of another.
    void alerts(List<Alert> alerts);

    /// This node was asked for a silence, or to change or end one.
    ///
    /// @param fresh whether it is new
    void silence(Silence silence, boolean fresh);

    /// Another node has written down what only it knows.
    void row(AlertRow row);

    /// Looks for silences that have ended by themselves.
    void silences(Collection<Silence> all, Instant now);
}
