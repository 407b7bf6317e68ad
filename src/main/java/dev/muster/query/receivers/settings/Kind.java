package dev.muster.query.receivers.settings;

import java.util.Locale;

/// What a way to tell somebody is.
public enum Kind {
    DISCORD,
    EMAIL,
    MATTERMOST,
    MSTEAMS,
    MSTEAMSV2,
    OPSGENIE,
    PAGERDUTY,
    PUSHOVER,
    SLACK,
    SNS,
    TELEGRAM,
    VICTOROPS,
    WEBEX,
    WEBHOOK,
    WECHAT;

    private final String label = name().toLowerCase(Locale.ROOT);

    /// As metrics and messages name it.
    public String label() {
        return label;
    }

    /// Key of its list in a receiver.
    public String key() {
        return label + "_configs";
    }
}
