package dev.muster.agent.services.registry;

import dev.muster.agent.json.JsonText;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.zip.CRC32C;

/// Keeps registrations over a restart. Confined to one thread at a time.
final class RegistryFile {
    /*
     * A line of its own for the version, then a line a service: CRC-32C of the rest in 8 hexadecimal
     * digits, a blank, the registration as JSON. The file is written whole beside the old one, forced
     * to the disk and renamed over it. A line that is torn or changed is left out with a message,
     * the others count.
     */
    private static final Logger LOG = System.getLogger(RegistryFile.class.getName());
    private static final String HEADER = "muster-services 1";
    private static final long SIZE_LIMIT_BYTES = 64 << 20;

    private final Path file;

    RegistryFile(Path file) {
        this.file = file;
    }

    List<Registration> read() {
        if (!Files.exists(file)) {
            return List.of();
        }
        List<Registration> read = new ArrayList<>();
        try {
            if (Files.size(file) > SIZE_LIMIT_BYTES) {
                throw new IOException("file must have at most bytes=" + SIZE_LIMIT_BYTES);
            }
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            String[] lines = text.split("\n", -1);
            if (!lines[0].equals(HEADER)) {
                throw new IOException("first line must be " + HEADER);
            }
            for (int i = 1; i < lines.length; i++) {
                if (!lines[i].isEmpty()) {
                    read(lines[i], i + 1, read);
                }
            }
        } catch (IOException e) {
            LOG.log(
                    Level.WARNING,
                    () ->
                            "registered services could not be read file="
                                    + file
                                    + ": "
                                    + e.getMessage());
        }
        return read;
    }

    private void read(String line, int number, List<Registration> into) {
        String json = line.length() > 9 ? line.substring(9) : "";
        try {
            if (!line.startsWith(checksum(json) + " ")) {
                throw new RegistrationException("", "checksum must match");
            }
            var fields = RegistrationJson.parse(json);
            String id = String.valueOf(fields.get("id"));
            into.add(new RegistrationReader(AddressRule.ANY).read(id, fields));
        } catch (RegistrationException e) {
            LOG.log(
                    Level.WARNING,
                    () ->
                            "registered service left out file="
                                    + file
                                    + " line="
                                    + number
                                    + ": "
                                    + e.getMessage());
        }
    }

    void write(Collection<Registration> registrations) throws IOException {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        for (Registration registration : registrations) {
            String json = JsonText.of(RegistrationJson.of(registration));
            text.append(checksum(json)).append(' ').append(json).append('\n');
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel out =
                FileChannel.open(
                        fresh,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(
                fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String checksum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        String digits = Long.toHexString(crc.getValue());
        return "0".repeat(8 - digits.length()) + digits;
    }
}
