package dev.muster.query.receivers.text;

import dev.muster.query.receivers.Notification;
import dev.muster.query.template.Fields;
import dev.muster.query.template.TemplateException;
import dev.muster.query.template.TemplateSet;

/// The texts of one notification. Confined to one thread.
public final class Texts {
    private final TemplateSet templates;
    private final Fields dot;

    /// @param templates that texts may call
    public Texts(TemplateSet templates, Notification notification) {
        this.templates = templates;
        dot = NotificationData.of(notification);
    }

    /// What a template prints.
    public String of(String template) throws TemplateException {
        return template.isEmpty() ? "" : templates.text(template, dot);
    }

    /// What a template prints as HTML.
    public String html(String template) throws TemplateException {
        return template.isEmpty() ? "" : templates.html(template, dot);
    }

    /// What a template prints, cut to so many characters.
    public String of(String template, int chars) throws TemplateException {
        return Cut.toChars(of(template), chars);
    }
}
