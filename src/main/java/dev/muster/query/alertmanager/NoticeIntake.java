package dev.muster.query.alertmanager;

import dev.muster.blocks.alerts.AlertRow;
import dev.muster.model.labels.Labels;
import dev.muster.query.alertmanager.state.Alert;
import dev.muster.query.alerts.Notice;
import dev.muster.query.alerts.NoticeSink;
import dev.muster.query.alerts.PendingNotice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Takes in what this node's own rules tell.
///
/// @param hub the alert manager
/// @param external labels that an alert gets that has none of that name
/// @param pendings is told of those that are pending
public record NoticeIntake(
        AlertHub hub, SortedMap<String, String> external, Consumer<AlertRow.Transition> pendings)
        implements NoticeSink {
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
        Instant starts = Instant.ofEpochMilli(notice.startsMs());
        Instant ends = Instant.ofEpochMilli(notice.endsMs());
        return Alert.of(
                        labels(notice),
                        notice.annotations(),
                        starts,
                        ends.isBefore(starts) ? starts : ends,
                        now,
                        false,
                        notice.generatorUrl())
                .measured(notice.value(), notice.completeness());
    }

    private Labels labels(Notice notice) {
        Labels.Builder labels = Labels.builder();
        external.forEach(labels::set);
        notice.labels().forEach(labels::set);
        return labels.build();
    }

    @Override
    public void pending(List<PendingNotice> notices) {
        for (PendingNotice each : notices) {
            Notice notice = each.notice();
            Labels labels = labels(notice);
            SortedMap<String, String> words = new TreeMap<>();
            labels.forEach(words::put);
            pendings.accept(
                    new AlertRow.Transition(
                            each.atMs(),
                            each.ended() ? AlertRow.State.INACTIVE : AlertRow.State.PENDING,
                            Alert.fingerprint(labels),
                            words,
                            notice.annotations(),
                            notice.startsMs(),
                            notice.value(),
                            notice.completeness(),
                            "",
                            notice.generatorUrl()));
        }
    }
}
