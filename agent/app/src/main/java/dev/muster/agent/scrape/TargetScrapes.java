package dev.muster.agent.scrape;

import dev.muster.agent.scrape.TargetLoop.Ending;
import dev.muster.agent.scrape.discovery.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/// Scrapes of targets that somebody else found, from the start until they are released. Series then
/// end without markers where another agent goes on with them. Thread-safe.
public final class TargetScrapes {
    /// A target, and what its ticks are spread by.
    public record Spread(Target target, int spread) {}

    private final ScrapeWorks works;
    private final List<TargetLoop> loops = new ArrayList<>();

    /// @param setup where samples go and what they come from; its file and jobs are not looked at
    /// @param works shared with others
    public TargetScrapes(ScrapeSetup setup, List<Spread> targets, ScrapeWorks works) {
        this.works = works;
        Map<String, String> external = setup.external();
        for (Spread target : targets) {
            loops.add(
                    new TargetLoop(target.target(), target.spread(), setup, external, works, null));
        }
    }

    /// Waits for the first ticks.
    public void start() {
        loops.forEach(TargetLoop::start);
    }

    /// How the last scrapes went, in the order of the targets.
    public List<TargetStatus> targets() {
        List<TargetStatus> all = new ArrayList<>(loops.size());
        loops.forEach(loop -> all.add(loop.status()));
        return all;
    }

    /// Stops. When `after` runs, nothing is appended any more and nothing is held.
    ///
    /// @param gone whether nobody goes on with a target
    public void release(Predicate<Target> gone, Runnable after) {
        loops.forEach(loop -> loop.stop(Ending.QUIET));
        loops.forEach(loop -> loop.release(gone.test(loop.target())));
        works.appending().execute(after);
    }

    /// As [#release(Predicate,Runnable)] where others go on with all of them, as a future.
    public CompletableFuture<Void> release() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        release(_ -> false, () -> done.complete(null));
        return done;
    }
}
