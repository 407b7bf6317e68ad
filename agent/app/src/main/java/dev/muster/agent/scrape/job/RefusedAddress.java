package dev.muster.agent.scrape.job;

import dev.muster.model.labels.Labels;

/// What a discovery found and will not offer as a target, and why: an answer to those who look for
/// it.
///
/// @param source what it is about, as in [TargetGroup#source()]
/// @param labels what is known of it, `__address__` among them where it has one
/// @param reason why it is no target
public record RefusedAddress(String source, Labels labels, String reason) {}
