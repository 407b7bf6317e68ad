package dev.muster.query.alerts;

import java.util.List;

/// Who wants to hear of alerts: external alert managers, or one of this node. Must not block; what
/// is told once is told again after a while as long as the alert fires, and some times after it has
/// ended. Thread-safe.
@FunctionalInterface
public interface NoticeSink {
    /// Nobody.
    NoticeSink NONE = _ -> {};

    /// Tells of alerts of one rule.
    void tell(List<Notice> notices);

    /// Tells of alerts of one group that have become pending, or are not any more without having
    /// fired; once.
    default void pending(List<PendingNotice> notices) {}
}
