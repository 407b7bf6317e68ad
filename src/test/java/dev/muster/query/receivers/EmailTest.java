package dev.muster.query.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.federation.tls.ClientAuth;
import dev.muster.federation.tls.Tls;
import dev.muster.federation.tls.TlsConfig;
import dev.muster.query.wire.Certificates;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

/// Mails to a real mail server in this JVM.
class EmailTest {
    @TempDir static Path directory;
    private static Vertx vertx;
    private static SSLContext tls;

    private final List<Mail> mails = new CopyOnWriteArrayList<>();
    private Optional<SMTPServer> server = Optional.empty();
    private volatile int refusal;

    private record Mail(String from, String to, MimeMessage message) {
        private String part(int index) throws Exception {
            MimeMultipart parts = (MimeMultipart) message.getContent();
            return parts.getBodyPart(index).getContentType().replaceAll("\\s+", " ")
                    + "\n"
                    + parts.getBodyPart(index).getContent();
        }
    }

    @BeforeAll
    static void start() throws Exception {
        vertx = Vertx.vertx();
        Certificates files = Certificates.make(directory, "mail", "ip:127.0.0.1");
        tls =
                Tls.open(
                                new TlsConfig(
                                        Optional.of(files.cert()),
                                        Optional.of(files.key()),
                                        Optional.empty(),
                                        ClientAuth.NONE,
                                        Optional.empty()))
                        .context();
    }

    @AfterAll
    static void stop() {
        vertx.close();
    }

    @AfterEach
    void stopServer() {
        server.ifPresent(SMTPServer::stop);
    }

    private String serve(SMTPServer.Builder builder) {
        SMTPServer started =
                builder.bindAddress(InetAddress.getLoopbackAddress())
                        .port(0)
                        .messageHandler((_, from, to, data) -> keep(from, to, data))
                        .build();
        server = Optional.of(started);
        started.start();
        return "127.0.0.1:" + started.getPortAllocated();
    }

    private void keep(String from, String to, byte[] data) throws RejectException {
        if (refusal > 0) {
            throw new RejectException(refusal, "not now");
        }
        try {
            mails.add(new Mail(from, to, new MimeMessage(null, new ByteArrayInputStream(data))));
        } catch (MessagingException e) {
            throw new RejectException(554, String.valueOf(e.getMessage()));
        }
    }

    private static Outcome told(String smarthost, String global, String more) throws Exception {
        String yaml =
                "global:\n  smtp_from: Muster <muster@example.org>\n  smtp_smarthost: "
                        + smarthost
                        + "\n"
                        + global.indent(2)
                        + "receivers:\n- name: a\n  email_configs:\n"
                        + "  - to: 'ann@example.org, \"Bo, B\" <bo@example.org>'\n"
                        + "    send_resolved: true\n"
                        + more.indent(4);
        try (ReceiverBook book = Samples.book(yaml, directory, vertx, new SimpleMeterRegistry())) {
            return book.receivers("a").getFirst().deliver(Samples.mixed());
        }
    }

    @Test
    void bearsTextAndHtmlOverTlsToThoseWhoLogIn() throws Exception {
        String host =
                serve(
                        new SMTPServer.Builder()
                                .requireTLS()
                                .requireAuth()
                                .startTlsSocketFactory(tls)
                                .authenticationHandlerFactory(
                                        new EasyAuthenticationHandlerFactory(
                                                (user, password, _) -> {
                                                    if (!user.equals("me")
                                                            || !password.equals("pw")) {
                                                        throw new LoginFailedException();
                                                    }
                                                })));
        String global =
                "smtp_auth_username: me\nsmtp_auth_password: pw\n"
                        + "smtp_tls_config: {ca_file: mail.crt}";
        String more =
                """
                text: '{{ template "email.default.text" . }}'
                headers:
                  subject: "{{ .Status }} \u00fc {{ .CommonLabels.rack }}\\nBcc: x@example.org"
                  X-Team: '{{ .CommonLabels.rack }}'
                """;
        assertThat(told(host, global, more)).isEqualTo(Outcome.DELIVERED);
        assertThat(mails).hasSize(1);
        Mail mail = mails.getFirst();
        assertThat(mail.from()).isEqualTo("muster@example.org");
        assertThat(mail.to()).isEqualTo("bo@example.org");
        assertThat(mail.message().getSubject()).isEqualTo("firing ü r1 Bcc: x@example.org");
        assertThat(mail.message().getHeader("Bcc")).isNull();
        assertThat(mail.message().getHeader("X-Team", ",")).isEqualTo("r1");
        assertThat(mail.message().getFrom()[0].toString()).contains("muster@example.org");
        assertThat(mail.message().getAllRecipients()).hasSize(2);
        assertThat(mail.part(0)).startsWith("text/plain").contains("Alerts Firing:", "<full> &");
        assertThat(mail.part(1))
                .startsWith("text/html")
                .contains("2 alerts for alertname=DiskFull rack=r1", "&lt;full&gt; &amp; hot")
                .doesNotContain("<full>");

        String wrong = global.replace("pw", "no");
        assertThat(told(host, wrong, "")).isInstanceOf(Outcome.Rejected.class);
        assertThat(told(host, global.replace("smtp_tls_config: {ca_file: mail.crt}", ""), ""))
                .isInstanceOf(Outcome.Retry.class);
    }

    @Test
    void isNotSentInTheClearUnlessThatIsAsked() throws Exception {
        String host = serve(new SMTPServer.Builder());
        assertThat(told(host, "", "")).isInstanceOf(Outcome.Retry.class);
        assertThat(mails).isEmpty();
        assertThat(told(host, "smtp_require_tls: false", "")).isEqualTo(Outcome.DELIVERED);
        assertThat(mails.getFirst().message().getSubject())
                .isEqualTo("[FIRING:1] DiskFull r1 (page)");
        assertThat(mails.getFirst().message().getContentType()).startsWith("text/html");
    }

    @Test
    void isTriedAgainWhereTheServerSaysLater() throws Exception {
        String host = serve(new SMTPServer.Builder());
        refusal = 451;
        assertThat(told(host, "smtp_require_tls: false", "")).isInstanceOf(Outcome.Retry.class);
        refusal = 554;
        assertThat(told(host, "smtp_require_tls: false", "")).isInstanceOf(Outcome.Rejected.class);
    }
}
