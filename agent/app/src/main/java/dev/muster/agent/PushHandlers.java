package dev.muster.agent;

import dev.muster.agent.door.PushAnswer;
import dev.muster.agent.door.PushHandler;
import dev.muster.agent.door.PushRefusedException;
import dev.muster.agent.door.PushRequest;
import dev.muster.agent.intake.Intake;
import dev.muster.agent.intake.remote.RemoteWrite;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What takes pushes of a running agent, each made for its first push: most agents get none.
final class PushHandlers {
    private final PushHandler remoteWrite;

    PushHandlers(Intake intake) {
        remoteWrite = new Late(() -> new RemoteWrite(intake))::handle;
    }

    PushHandler remoteWrite() {
        return remoteWrite;
    }

    /// A handler that is made when it is needed.
    private static final class Late {
        private final Supplier<PushHandler> making;
        private @Nullable PushHandler made;

        Late(Supplier<PushHandler> making) {
            this.making = making;
        }

        PushAnswer handle(PushRequest request) throws PushRefusedException {
            return handler().handle(request);
        }

        private synchronized PushHandler handler() {
            PushHandler handler = made;
            if (handler == null) {
                handler = making.get();
                made = handler;
            }
            return handler;
        }
    }
}
