package dev.muster.agent.scrape.file;

import dev.muster.yaml.YamlMap;
import java.util.List;

/// Sections of a Prometheus configuration that have no meaning in an agent. They are accepted, and
/// a remark names what is not done here.
enum OtherSections {
    RULE_FILES(
            "rule_files",
            "rules are not evaluated by the agent: recording and alerting rules need a place that"
                    + " reads what it stores"),
    ALERTING(
            "alerting",
            "alerts are not sent by the agent, so nobody is told by this configuration"),
    REMOTE_READ(
            "remote_read", "nothing is read from there: queries see what agents and blocks have"),
    STORAGE(
            "storage",
            "retention, late samples and exemplars are set with muster.head instead: see"
                    + " muster.head.out-of-order-window and muster.head.disk-limit"),
    TRACING("tracing", "no traces are sent"),
    OTLP("otlp", "there is no OTLP receiver, so nothing pushed to it arrives"),
    RUNTIME("runtime", "settings of the Go runtime have no effect");

    private final String key;
    private final String remark;

    OtherSections(String key, String remark) {
        this.key = key;
        this.remark = remark;
    }

    /// Accepts the sections that stand in a file.
    static void accept(YamlMap root, List<String> remarks) {
        for (OtherSections section : values()) {
            int size = root.size(section.key);
            if (size > 0) {
                remarks.add(
                        "line="
                                + root.line(section.key)
                                + ": "
                                + section.key
                                + ": "
                                + section.remark
                                + ": entries="
                                + size);
            }
        }
    }
}
