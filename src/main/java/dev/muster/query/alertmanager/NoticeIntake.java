package dev.muster.query.alertmanager;

import dev.muster.model.labels.Labels;
import dev.muster.query.alertmanager.state.Alert;
import dev.muster.query.alerts.Notice;
import dev.muster.query.alerts.NoticeSink;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Takes in what this node's own rules tell.
///
/// @param hub the alert manager
/// @param external labels that an alert gets that has none of that name
public record NoticeIntake(AlertHub hub, SortedMap<String, String> external) implements NoticeSink {
    private static final System.Logger LOG = System.getLogger(NoticeIntake.class.getName());

    public NoticeIntake {
        external = Collections.unmodifiableSortedMap(new TreeMap<>(external));
    }

    @Override
    public void tell(List<Notice> notices) {
        Instant now = hub.now();
        List<Alert> alerts = new ArrayList<>();
        for (Notice notice : notices) {
            try {
                alerts.add(alert(notice, now));
            } catch (IllegalArgumentException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        () -> "alert of a rule is wrong labels=" + notice.labels(),
                        e);
            }
        }
        int refused = alerts.isEmpty() ? 0 : hub.put(alerts);
        if (refused > 0) {
            LOG.log(System.Logger.Level.WARNING, () -> "too many alerts refused=" + refused);
        }
    }

    private Alert alert(Notice notice, Instant now) {
        Labels.Builder labels = Labels.builder();
        external.forEach(labels::set);
        notice.labels().forEach(labels::set);
        Instant starts = Instant.ofEpochMilli(notice.startsMs());
        Instant ends = Instant.ofEpochMilli(notice.endsMs());
        return Alert.of(
                labels.build(),
                notice.annotations(),
                starts,
                ends.isBefore(starts) ? starts : ends,
                now,
                false,
                notice.generatorUrl());
    }
}
