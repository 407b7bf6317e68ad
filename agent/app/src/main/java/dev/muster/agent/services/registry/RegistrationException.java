package dev.muster.agent.services.registry;

/// A registration that cannot be taken, and which of its fields is at fault.
public final class RegistrationException extends Exception {
    private static final long serialVersionUID = 1;

    private final String field;

    /// @param field path of the field, such as `meta.owner`; empty for the whole
    RegistrationException(String field, String message) {
        super(field.isEmpty() ? message : field + " " + message);
        this.field = field;
    }

    /// Path of the field at fault; empty for the whole.
    public String field() {
        return field;
    }
}
