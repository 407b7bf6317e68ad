package dev.muster.federation.udp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Values of the reference implementation: key 0, 1, 2, ... 15, input 0, 1, 2, ...
class SipHashTest {
    @ParameterizedTest
    @CsvSource({
        "0, 726fdb47dd0e0e31",
        "1, 74f839c593dc67fd",
        "7, ab0200f58b01d137",
        "8, 93f5f5799a932462",
        "15, a129ca6149be45e5",
        "63, 958a324ceb064572"
    })
    void isAsPublished(int length, String expected) {
        ByteBuffer bytes = ByteBuffer.allocate(length + 3);
        for (int i = 0; i < length; i++) {
            bytes.put(i + 3, (byte) i);
        }
        var hash = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
        assertThat(Long.toHexString(hash.of(bytes, 3, length + 3))).isEqualTo(expected);
    }
}
