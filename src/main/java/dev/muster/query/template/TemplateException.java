package dev.muster.query.template;

/// A template that cannot be parsed or executed. The message is Go's where Go has one.
public final class TemplateException extends Exception {
    public TemplateException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
