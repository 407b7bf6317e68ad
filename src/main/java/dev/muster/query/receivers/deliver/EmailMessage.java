package dev.muster.query.receivers.deliver;

import dev.muster.query.receivers.Notification;
import dev.muster.query.receivers.http.ClientTls;
import dev.muster.query.receivers.settings.EmailSettings;
import dev.muster.query.receivers.text.Texts;
import dev.muster.query.template.TemplateException;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.ext.mail.LoginOption;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.MailResult;
import io.vertx.ext.mail.SMTPException;
import io.vertx.ext.mail.StartTLSOptions;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A mail, as text and HTML. Each goes over a connection of its own.
///
/// @param vertx runs the connection
record EmailMessage(EmailSettings settings, Vertx vertx) implements Message {
    private static final int TLS_PORT = 465;
    private static final int CONNECT_MS = 10_000;
    private static final int IDLE_SECONDS = 30;
    private static final int TIMEOUT_SECONDS = 60;
    private static final String SUBJECT = "{{ template \"email.default.subject\" . }}";

    @Override
    public void tell(Notification notification, Texts texts)
            throws RefusedException, TemplateException, IOException, InterruptedException {
        MailMessage mail = mail(notification, texts);
        MailClient client = MailClient.create(vertx, config());
        try {
            await(client.sendMail(mail).toCompletionStage().toCompletableFuture());
        } finally {
            var _ = client.close();
        }
    }

    private static void await(CompletableFuture<MailResult> sending)
            throws RefusedException, IOException, InterruptedException {
        try {
            var _ = sending.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException _) {
            throw RefusedException.later(
                    FailureReason.TIMEOUT, "mail server must answer in time", Optional.empty());
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof SMTPException refusal) {
                throw refused(refusal);
            }
            throw new IOException(cause == null ? "mail failed" : cause.toString(), e);
        }
    }

    private static RefusedException refused(SMTPException refusal) {
        String message = "mail server: " + HeaderText.line(String.valueOf(refusal.getMessage()));
        return refusal.isPermanent()
                ? RefusedException.forGood(FailureReason.CLIENT_ERROR, message)
                : RefusedException.later(FailureReason.SERVER_ERROR, message, Optional.empty());
    }

    private MailConfig config() throws IOException {
        ClientTls tls = ClientTls.open(settings.tls());
        boolean whole = settings.port() == TLS_PORT;
        MailConfig config =
                new MailConfig(settings.host(), settings.port())
                        .setSsl(whole)
                        .setStarttls(
                                settings.requireTls() && !whole
                                        ? StartTLSOptions.REQUIRED
                                        : StartTLSOptions.DISABLED)
                        .setTrustOptions(TrustOptions.wrap(tls.trust()))
                        .setHostnameVerificationAlgorithm("HTTPS")
                        .setOwnHostname(settings.hello())
                        .setKeepAlive(false)
                        .setPipelining(false)
                        .setConnectTimeout(CONNECT_MS)
                        .setIdleTimeout(IDLE_SECONDS);
        tls.keys().ifPresent(keys -> config.setKeyCertOptions(KeyCertOptions.wrap(keys)));
        if (!settings.tls().protocols().isEmpty()) {
            config.setEnabledSecureTransportProtocols(
                    new LinkedHashSet<>(settings.tls().protocols()));
        }
        return login(config);
    }

    private MailConfig login(MailConfig config) throws IOException {
        if (settings.user().isEmpty()) {
            return config.setLogin(LoginOption.DISABLED);
        }
        boolean secret = settings.secret().isPresent() && settings.password().isEmpty();
        var with = secret ? settings.secret() : settings.password();
        return config.setLogin(LoginOption.NONE)
                .setUsername(settings.user())
                .setPassword(with.isPresent() ? with.get().read() : "")
                .setAuthMethods(secret ? "CRAM-MD5" : "PLAIN LOGIN");
    }

    private MailMessage mail(Notification notification, Texts texts)
            throws RefusedException, TemplateException {
        List<String> from = Addresses.of(texts.of(settings.from()));
        List<String> to = Addresses.of(texts.of(settings.to()));
        if (from.size() != 1 || to.isEmpty()) {
            throw RefusedException.forGood(
                    FailureReason.OTHER,
                    "mail must have one sender and a receiver: from="
                            + from.size()
                            + ", to="
                            + to.size());
        }
        MailMessage mail = new MailMessage().setFrom(from.getFirst()).setTo(to);
        mail.setSubject(HeaderText.line(texts.of(subject())));
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (Map.Entry<String, String> header : settings.headers().entrySet()) {
            if (!header.getKey().equalsIgnoreCase("Subject")) {
                headers.set(header.getKey(), HeaderText.encoded(texts.of(header.getValue())));
            }
        }
        if (notification.maybeDuplicate()) {
            headers.set("X-Muster-Maybe-Duplicate", "true");
        }
        mail.setHeaders(headers);
        String text = texts.of(settings.text());
        String html = texts.html(settings.html());
        if (!text.isEmpty() || html.isEmpty()) {
            mail.setText(text);
        }
        return html.isEmpty() ? mail : mail.setHtml(html);
    }

    private String subject() {
        return settings.headers().getOrDefault("Subject", SUBJECT);
    }
}
