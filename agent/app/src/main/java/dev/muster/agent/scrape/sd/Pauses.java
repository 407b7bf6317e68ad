package dev.muster.agent.scrape.sd;

import dev.muster.agent.scrape.job.Timers;
import java.util.concurrent.CountDownLatch;

/// Lets a virtual thread wait by the agent's timers.
public final class Pauses {
    private Pauses() {}

    /// Waits `delayMs`, at least 1 ms.
    public static void await(Timers timers, long delayMs) throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        Runnable cancel = timers.after(Math.max(1, delayMs), over::countDown);
        try {
            over.await();
        } finally {
            cancel.run();
        }
    }
}
