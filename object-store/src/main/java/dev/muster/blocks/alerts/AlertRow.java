package dev.muster.blocks.alerts;

import dev.muster.model.labels.Xxh3;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// One thing that happened to an alert, a notification or a silence: a row of the table `alerts`.
/// Times are Unix milliseconds.
public sealed interface AlertRow {
    /*
     * The number of a row follows from what happened and when, not from who noted it: several nodes that see the same change of an
     * alert make rows of the same number, of which the table keeps one.
     */

    /// The order of rows in a file.
    Comparator<AlertRow> ORDER =
            Comparator.comparingLong(AlertRow::atMs).thenComparingLong(AlertRow::id);

    /// When it happened.
    long atMs();

    /// Names the row: equal for the same happening, whoever tells of it.
    long id();

    /// What an alert has become.
    enum State {
        /// Its value is there, but not long enough.
        PENDING,
        /// It was pending and is not any more, without having fired.
        INACTIVE,
        /// It fires.
        FIRING,
        /// It has fired, and has ended.
        RESOLVED
    }

    /// How a notification went.
    enum Outcome {
        /// The receiver has taken it.
        DELIVERED,
        /// It was tried until the next look at its group.
        FAILED,
        /// The receiver refused it for good.
        REJECTED,
        /// A node was about to send it and was not heard of again.
        UNKNOWN
    }

    /// What has become of a silence.
    enum Change {
        /// It is new.
        CREATED,
        /// It was changed in place.
        CHANGED,
        /// It has ended, by itself or by hand.
        EXPIRED
    }

    /// An alert passes to a state.
    ///
    /// @param fingerprint of its labels, as Alertmanager computes it
    /// @param annotations as they were then
    /// @param startsMs since when it is pending, or fires
    /// @param value of its expression; NaN where it has none
    /// @param share of the hosts that it was decided on, 0 to 1; NaN where that is not known
    /// @param reason cause in a word, of alerts of the fleet; may be empty
    /// @param source where it comes from, a URL; may be empty
    record Transition(
            long atMs,
            State state,
            long fingerprint,
            SortedMap<String, String> labels,
            SortedMap<String, String> annotations,
            long startsMs,
            double value,
            double share,
            String reason,
            String source)
            implements AlertRow {
        public Transition {
            labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
            annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
        }

        @Override
        public long id() {
            return number("alert", state.name(), Long.toHexString(fingerprint), text(atMs));
        }
    }

    /// A receiver was told of a group, or was not.
    ///
    /// @param node that told it; of [Outcome#UNKNOWN] the one that was about to
    /// @param groupLabels what its alerts have in common by configuration
    /// @param receiver its name in the configuration file
    /// @param integration what kind of receiver
    /// @param index which of this kind, from 0
    /// @param firing fingerprints of those that fired
    /// @param resolved fingerprints of those that had ended
    /// @param attempts how often it was tried
    /// @param maybeDuplicate whether it was marked as one that may have been told before
    /// @param latencyMs from the look at the group to the last answer
    /// @param reason why it failed; may be empty
    record Notified(
            long atMs,
            String node,
            Outcome outcome,
            String groupKey,
            SortedMap<String, String> groupLabels,
            String receiver,
            String integration,
            int index,
            List<Long> firing,
            List<Long> resolved,
            int attempts,
            boolean maybeDuplicate,
            long latencyMs,
            String reason)
            implements AlertRow {
        public Notified {
            groupLabels = Collections.unmodifiableSortedMap(new TreeMap<>(groupLabels));
            firing = firing.stream().sorted(Long::compareUnsigned).toList();
            resolved = resolved.stream().sorted(Long::compareUnsigned).toList();
        }

        @Override
        public long id() {
            return number(
                    "notification",
                    node,
                    outcome.name(),
                    groupKey,
                    receiver,
                    integration,
                    text(index),
                    text(atMs));
        }
    }

    /// A silence begins, changes or ends.
    ///
    /// @param node that was asked; empty where it ended by itself
    /// @param silence its name
    /// @param acknowledgement whether it acknowledges an alert: its comment begins with `ack`
    /// @param matchers as they are written: `job="db"`
    /// @param startsMs from when it holds
    /// @param endsMs until when
    record Silenced(
            long atMs,
            String node,
            Change change,
            String silence,
            boolean acknowledgement,
            List<String> matchers,
            long startsMs,
            long endsMs,
            String createdBy,
            String comment)
            implements AlertRow {
        public Silenced {
            matchers = List.copyOf(matchers);
        }

        @Override
        public long id() {
            return number("silence", silence, change.name(), text(atMs));
        }
    }

    private static String text(long number) {
        return Long.toString(number);
    }

    private static long number(String... parts) {
        byte[] bytes = String.join("\0", parts).getBytes(StandardCharsets.UTF_8);
        return Xxh3.hash(bytes, bytes.length);
    }
}
