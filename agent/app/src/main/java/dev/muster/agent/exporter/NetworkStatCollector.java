package dev.muster.agent.exporter;

import dev.muster.agent.exporter.collect.Collector;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// What the network protocols counted: /proc/net/netstat, snmp and snmp6, the fields that
/// node_exporter takes.
final class NetworkStatCollector implements Collector {
    private static final Pattern WANTED =
            Pattern.compile(
                    ".*_(InErrors|InErrs)|Ip_Forwarding|Ip(6|Ext)_(InOctets|OutOctets)"
                            + "|Icmp6?_(InMsgs|OutMsgs)|TcpExt_(Listen.*|Syncookies.*"
                            + "|TCPSynRetrans|TCPTimeouts|TCPOFOQueue|TCPRcvQDrop)"
                            + "|Tcp_(ActiveOpens|InSegs|OutSegs|OutRsts|PassiveOpens|RetransSegs"
                            + "|CurrEstab)|Udp6?_(InDatagrams|OutDatagrams|NoPorts|RcvbufErrors"
                            + "|SndbufErrors)");

    /// Marks a field that is not exposed.
    private static final FieldFamilies.Family UNWANTED = new FieldFamilies.Family("", "");

    private final HostFile[] tables;
    private final HostFile six;
    private final TextCursor text = new TextCursor();

    /// Families of the fields in the order of the tables: lines with headings do not change as long
    /// as the kernel runs.
    private final List<List<FieldFamilies.Family>> headings = new ArrayList<>();

    private final FieldFamilies sixFamilies = new FieldFamilies(NetworkStatCollector::sixFamily);

    NetworkStatCollector(HostExporterConfig config) {
        Path net = config.procfs().resolve("net");
        tables =
                new HostFile[] {
                    new HostFile(net.resolve("netstat")), new HostFile(net.resolve("snmp"))
                };
        six = new HostFile(net.resolve("snmp6"));
    }

    @Override
    public String name() {
        return "netstat";
    }

    @Override
    public void collect(ExpositionWriter into) throws IOException {
        int heading = 0;
        for (HostFile table : tables) {
            table.read(text);
            while (text.nextLine()) {
                if (heading == headings.size()) {
                    headings.add(heading());
                }
                text.nextLine();
                values(into, headings.get(heading));
                heading++;
            }
        }
        try {
            six.read(text);
        } catch (FileNotFoundException e) {
            // a host without IPv6
            return;
        }
        six(into);
    }

    private List<FieldFamilies.Family> heading() {
        List<FieldFamilies.Family> families = new ArrayList<>();
        text.nextField((byte) ':');
        String protocol = text.text();
        while (text.nextField()) {
            families.add(family(protocol + "_" + text.text()));
        }
        return List.copyOf(families);
    }

    private void values(ExpositionWriter into, List<FieldFamilies.Family> families)
            throws IOException {
        text.nextField((byte) ':');
        for (FieldFamilies.Family family : families) {
            if (!text.nextField()) {
                throw text.unexpected("line must have a value for each heading");
            }
            write(into, family);
        }
    }

    private void six(ExpositionWriter into) throws IOException {
        for (int line = 0; text.nextLine(); line++) {
            text.nextField();
            FieldFamilies.Family family = sixFamilies.at(line, text);
            text.nextField();
            write(into, family);
        }
    }

    private void write(ExpositionWriter into, FieldFamilies.Family family) throws IOException {
        if (!family.name().isEmpty()) {
            into.family(family.name(), MetricType.UNKNOWN, family.help())
                    .sample(family.name(), text.number());
        }
    }

    /// `Udp6InErrors` is the field InErrors of Udp6.
    private static FieldFamilies.Family sixFamily(String field) {
        int digit = field.indexOf('6');
        return digit < 0
                ? UNWANTED
                : family(field.substring(0, digit + 1) + "_" + field.substring(digit + 1));
    }

    private static FieldFamilies.Family family(String field) {
        return WANTED.matcher(field).matches()
                ? new FieldFamilies.Family(
                        "node_netstat_" + field, "Field " + field + " of /proc/net.")
                : UNWANTED;
    }
}
