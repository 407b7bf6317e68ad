package dev.muster.agent.services.registry;

import org.jspecify.annotations.Nullable;

/// A service in the registry. Guarded by the registry.
final class ServiceEntry {
    Registration registration;
    long registeredMs;

    Health health = Health.PASSING;
    String note = "";
    long sinceMs;
    long criticalSinceNanos;

    /// What heartbeats say.
    Health beat = Health.PASSING;

    String beatNote = "";
    long beatNanos;

    /// What the check says.
    Health look = Health.PASSING;

    String lookNote = "";
    long lookNanos;
    long nextLookNanos;
    boolean looking;

    ServiceEntry(Registration registration, long nowMs, long nowNanos) {
        this.registration = registration;
        registeredMs = nowMs;
        sinceMs = nowMs;
        beatNanos = nowNanos;
        nextLookNanos = nowNanos;
    }

    /// Takes over what is known of the service under an earlier registration that is looked at
    /// alike.
    void goOnFor(@Nullable ServiceEntry earlier) {
        if (earlier == null) {
            return;
        }
        registeredMs = earlier.registeredMs;
        if (earlier.registration.check().equals(registration.check())) {
            look = earlier.look;
            lookNote = earlier.lookNote;
            lookNanos = earlier.lookNanos;
            nextLookNanos = earlier.nextLookNanos;
            looking = earlier.looking;
        }
        health = earlier.health;
        note = earlier.note;
        sinceMs = earlier.sinceMs;
        criticalSinceNanos = earlier.criticalSinceNanos;
    }

    /// Draws the sum of heartbeats and check.
    void judge(long nowMs, long nowNanos) {
        Health worst = beat.worse(look);
        if (worst != health) {
            health = worst;
            sinceMs = nowMs;
            if (worst == Health.CRITICAL) {
                criticalSinceNanos = nowNanos;
            }
        }
        note = look.compareTo(beat) >= 0 && !lookNote.isEmpty() ? lookNote : beatNote;
    }

    RegisteredService seen() {
        return new RegisteredService(registration, health, note, sinceMs, registeredMs);
    }
}
