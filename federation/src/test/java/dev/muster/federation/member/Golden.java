package dev.muster.federation.member;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/// Bytes of earlier versions, as hexadecimal text in `src/test/resources/golden`; white space does
/// not count.
public final class Golden {
    private Golden() {}

    /// The bytes of that file.
    public static byte[] read(String name) {
        try {
            String text = Files.readString(Path.of("src/test/resources/golden", name));
            return HexFormat.of().parseHex(text.replaceAll("(?m)#.*$", "").replaceAll("\\s", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
