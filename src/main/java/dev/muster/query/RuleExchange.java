package dev.muster.query;

import dev.muster.query.alertmanager.state.StateRecord;
import dev.muster.query.rules.RuleFileException;
import dev.muster.query.rules.live.LiveRules;
import dev.muster.query.rules.live.RuleDirectory;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Sees to it that rule files that came over the API of one query node are on all. Thread-safe.
final class RuleExchange {
    private static final System.Logger LOG = System.getLogger(RuleExchange.class.getName());

    private final Optional<RuleDirectory> directory;
    private final LiveRules live;
    private final Consumer<StateRecord> others;

    /// @param others hears of changes
    RuleExchange(Optional<RuleDirectory> directory, LiveRules live, Consumer<StateRecord> others) {
        this.directory = directory;
        this.live = live;
        this.others = others;
    }

    /// A file was changed here.
    void changed(String name) {
        try {
            if (directory.isPresent()) {
                directory.get().version(name).map(RuleExchange::record).ifPresent(others);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "rule file cannot be told to other nodes", e);
        }
    }

    private static StateRecord record(RuleDirectory.Version version) {
        return new StateRecord.OfRuleFile(version.name(), version.text(), version.changedMs());
    }

    /// All files of this node, and those that were taken away.
    List<StateRecord> all() {
        try {
            return directory.isEmpty()
                    ? List.of()
                    : directory.get().versions().stream().map(RuleExchange::record).toList();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "rule files cannot be told to other nodes", e);
            return List.of();
        }
    }

    /// Another node has this.
    void take(StateRecord.OfRuleFile file) {
        if (directory.isEmpty()) {
            return;
        }
        try {
            var version = new RuleDirectory.Version(file.name(), file.text(), file.changedMs());
            if (directory.get().putReplica(version)) {
                var _ = live.reload();
            }
        } catch (IOException | RuleFileException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "rule file of another node cannot be taken over name=" + file.name(),
                    e);
        }
    }
}
