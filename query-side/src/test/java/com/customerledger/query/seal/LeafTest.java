package com.customerledger.query.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The documented bytes of a leaf. */
class LeafTest {

    @Test
    void everyByteIsWhereTheFormatSays() throws Exception {
        Leaf leaf = new Leaf(
                0x0102030405060708L,
                UUID.fromString("11121314-1516-1718-191a-1b1c1d1e1f20"),
                "cus",
                2,
                "T",
                1,
                -1,
                "{\"é\":1}",
                "{}",
                "mer",
                7);

        // Written out by hand from the description at LeafEncoder.
        String expected = "01" + "0102030405060708"
                + "1112131415161718191a1b1c1d1e1f20"
                + "00000003" + "637573"
                + "0000000000000002"
                + "00000001" + "54"
                + "00000001"
                + "ffffffffffffffff"
                + "00000008" + "7b22c3a9223a317d"
                + "00000002" + "7b7d"
                + "00000003" + "6d6572"
                + "0000000000000007";
        assertThat(HexFormat.of().formatHex(leaf.bytes())).isEqualTo(expected);
        byte[] hashed = HexFormat.of().parseHex("00" + expected);
        assertThat(leaf.hash())
                .isEqualTo(java.security.MessageDigest.getInstance("SHA-256").digest(hashed));
    }

    @Test
    void aLongTextFits() {
        String text = "x".repeat(100_000);
        Leaf leaf = new Leaf(1, new UUID(1, 2), text, 0, text, 1, 0, text, text, text, 1);

        assertThat(leaf.bytes())
                .hasSize(5 * (text.getBytes(StandardCharsets.UTF_8).length + 4) + 1 + 8 + 16 + 8 + 4 + 8 + 8);
    }
}
