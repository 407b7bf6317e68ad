package dev.muster.agent;

import dev.muster.agent.upload.ClosedWindows;
import dev.muster.head.Head;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.util.List;

/// The head as shipping sees it.
///
/// @param head holds the windows
record HeadWindows(Head head) implements ClosedWindows {
    @Override
    public List<TimeRange> closed() {
        return head.closedWindows();
    }

    @Override
    public SeriesSource samples(TimeRange window) {
        return head.window(window);
    }

    @Override
    public void release(TimeRange window) throws IOException {
        head.release(window);
    }
}
