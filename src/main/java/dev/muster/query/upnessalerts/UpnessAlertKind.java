package dev.muster.query.upnessalerts;

/// What may be amiss.
public enum UpnessAlertKind {
    /// A host is dead, or nothing is heard of it.
    HOST_DOWN("HostDown", "critical"),
    /// Its agent is gone or hangs while the host lives.
    AGENT_DOWN("AgentDown", "warning"),
    /// A service does not answer while its host is well.
    SERVICE_DOWN("ServiceDown", "critical"),
    /// A host or service that should be there is not, and nobody knows where it went.
    MISSING("Missing", "warning"),
    /// Agents of a cell do not hear each other as they should: a fault of the network.
    PARTITION("Partition", "warning"),
    /// More than half of a rack is down at once; its hosts are told of in this one alert.
    RACK_DOWN("RackDown", "critical"),
    /// Nobody of a cell is heard, or what is known of it is known in a roundabout way only.
    CELL_DEGRADED("CellDegraded", "critical");

    private final String alertName;
    private final String severity;

    UpnessAlertKind(String alertName, String severity) {
        this.alertName = alertName;
        this.severity = severity;
    }

    /// The label `alertname`.
    public String alertName() {
        return alertName;
    }

    /// The label `severity` where nothing else is configured.
    public String severity() {
        return severity;
    }
}
