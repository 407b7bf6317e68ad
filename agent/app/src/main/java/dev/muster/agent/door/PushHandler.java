package dev.muster.agent.door;

/// Takes what is pushed to a route. Called by a thread of its own for each request, which may
/// block.
@FunctionalInterface
public interface PushHandler {
    /// @param request valid until this returns
    /// @throws PushRefusedException if it is not taken; counted, and told to the one who pushed
    PushAnswer handle(PushRequest request) throws PushRefusedException;
}
