package dev.muster.agent.services.listener;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
                    /usr/sbin/nginx~-g~daemon off; | /usr/sbin/nginx
                    /usr/bin/api~--token=secret~--db~postgres://u:p@h/d | /usr/bin/api
                    java~-Xmx1g~-Dpassword=x~-cp~a.jar:b.jar~com.example.Main~--key~k | java com.example.Main
                    /opt/jdk/bin/java~-jar~/srv/app.jar~secret | /opt/jdk/bin/java -jar /srv/app.jar
                    python3.11~-m~http.server~8000 | python3.11 -m http.server
                    python3~/srv/web.py~--token~t | python3 /srv/web.py
                    python3~-c~import secret | python3
                    node~https://user:pass@host/x.js | node
                    nginx: master process /usr/sbin/nginx -g password | -
                    PASSWORD=x | -
                    """)
    void showsWhatRunsAndNoArguments(String arguments, String shown) {
        assertThat(CommandLine.shown(arguments.replace('~', '\0') + "\0"))
                .isEqualTo(shown == null ? "" : shown);
    }
}
