package com.customerledger.query.seal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignedNoteTest {

    // The example of github.com/C2SP/C2SP, signed-note.md.
    private static final String KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    private static final String NOTE = """
            This is an example message.

            — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
            """;

    // The example of github.com/C2SP/C2SP, tlog-checkpoint.md; its key is not published.
    private static final String CHECKPOINT = """
            example.com/behind-the-sofa
            20852163
            CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

            — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
            """;

    private static final String SIGNATURE = NOTE.substring(NOTE.indexOf('—'));
    private static final String NAME = "ledger.example/log";

    @Test
    void theSpecificationsExampleVerifies() throws MalformedException {
        VerifierKey key = VerifierKey.parse(KEY);
        SignedNote note = SignedNote.parse(NOTE);
        assertThat(key.name()).isEqualTo("example.com/foo");
        assertThat(key.text()).isEqualTo(KEY);
        assertThat(note.text()).isEqualTo("This is an example message.\n");
        assertThat(note.names()).containsExactly("example.com/foo");
        assertThat(note.isSignedBy(key)).isTrue();
        assertThat(note).hasToString(NOTE);
        assertThat(SignedNote.parse(NOTE.getBytes(StandardCharsets.UTF_8))).hasToString(NOTE);
    }

    @Test
    void theCheckpointSpecificationsExampleIsRead() throws MalformedException {
        SignedNote note = SignedNote.parse(CHECKPOINT);
        Checkpoint checkpoint = Checkpoint.parse(note.text());
        assertThat(checkpoint.origin()).isEqualTo("example.com/behind-the-sofa");
        assertThat(checkpoint.size()).isEqualTo(20_852_163);
        assertThat(checkpoint.root())
                .isEqualTo(Base64.getDecoder().decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="));
        assertThat(checkpoint.extensions()).isEmpty();
        assertThat(checkpoint.text()).isEqualTo(note.text());
        assertThat(checkpoint).isEqualTo(new Checkpoint("example.com/behind-the-sofa", 20_852_163, checkpoint.root()));
    }

    /** RFC 8032, 7.1, tests 1 and 2: the seed, the public key and the signature. */
    @ParameterizedTest
    @CsvSource({
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
                + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,'',"
                + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
                + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,72,"
                + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    })
    void keysAndSignaturesAreTheStandards(String seed, String publicKey, String message, String signature)
            throws MalformedException {
        byte[] pkcs8 = HexFormat.of().parseHex("302e020100300506032b657004220420" + seed);
        String pem = "-----BEGIN PRIVATE KEY-----\n" + Base64.getEncoder().encodeToString(pkcs8)
                + "\n-----END PRIVATE KEY-----\n";
        SigningKey key = SigningKey.ofPem(NAME, pem);
        assertThat(HexFormat.of().formatHex(key.verifierKey().bytes())).isEqualTo(publicKey);
        assertThat(key.pem()).isEqualTo(pem);
        byte[] bytes = HexFormat.of().parseHex(message);
        assertThat(HexFormat.of().formatHex(key.sign(bytes))).isEqualTo(signature);
        assertThat(VerifierKey.of(NAME, HexFormat.of().parseHex(publicKey))).isEqualTo(key.verifierKey());
    }

    @Test
    void aNewKeySignsAndOnlyItsOwnVerifierKeyVerifies() throws MalformedException {
        SigningKey key = SigningKey.generate(NAME);
        SignedNote note = SignedNote.sign("öne\n\ntwo\n", key);
        SignedNote read = SignedNote.parse(note.toString());
        assertThat(read.text()).isEqualTo("öne\n\ntwo\n");
        assertThat(read.isSignedBy(key.verifierKey())).isTrue();
        assertThat(read.isSignedBy(SigningKey.generate(NAME).verifierKey())).isFalse();
        assertThat(read.isSignedBy(
                        SigningKey.ofPem("another.example", key.pem()).verifierKey()))
                .isFalse();
        assertThat(SignedNote.parse(note.toString().replace("öne", "one")).isSignedBy(key.verifierKey()))
                .isFalse();
    }

    @Test
    void keysComeBackFromTheirTexts() throws MalformedException {
        // Keys whose x is odd and even, and whose bytes begin with a zero, come among so many.
        for (int i = 0; i < 300; i++) {
            SigningKey key = SigningKey.generate(NAME);
            VerifierKey verifierKey = key.verifierKey();
            assertThat(VerifierKey.parse(verifierKey.text())).isEqualTo(verifierKey);
            assertThat(VerifierKey.ofPem(NAME, verifierKey.pem())).isEqualTo(verifierKey);
            assertThat(VerifierKey.of(NAME, verifierKey.bytes())).isEqualTo(verifierKey);
            assertThat(SigningKey.ofPem(NAME, key.pem()).verifierKey()).isEqualTo(verifierKey);
        }
        SigningKey key = SigningKey.generate(NAME);
        assertThat(key.verifierKey().pem())
                .startsWith("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA")
                .endsWith("\n-----END PUBLIC KEY-----\n");
        assertThat(key.toString()).isEqualTo(key.verifierKey().text());
        assertThat(SigningKey.ofPem(NAME, key.pem().replace("\n", "\r\n")).verifierKey())
                .isEqualTo(key.verifierKey());
    }

    @Test
    void aSecondSignatureOfTheSameKeyMustVerifyToo() throws MalformedException {
        VerifierKey key = VerifierKey.parse(KEY);
        byte[] signature = Base64.getDecoder().decode(SIGNATURE.strip().split(" ")[2]);
        signature[10] ^= 1;
        String forged = "— example.com/foo " + Base64.getEncoder().encodeToString(signature) + "\n";
        assertThat(SignedNote.parse(NOTE + SIGNATURE).isSignedBy(key)).isTrue();
        assertThat(SignedNote.parse(NOTE + forged).isSignedBy(key)).isFalse();
        assertThat(SignedNote.parse(NOTE.replace(SIGNATURE, forged)).isSignedBy(key))
                .isFalse();
    }

    @Test
    void signaturesOfOthersAreLetBe() throws MalformedException {
        SigningKey witness = SigningKey.generate("witness.example");
        String cosigned = NOTE
                + SignedNote.sign("This is an example message.\n", witness)
                        .toString()
                        .split("\n\n")[1];
        SignedNote note = SignedNote.parse(cosigned);
        assertThat(note.names()).containsExactly("example.com/foo", "witness.example");
        assertThat(note.isSignedBy(VerifierKey.parse(KEY))).isTrue();
        assertThat(note.isSignedBy(witness.verifierKey())).isTrue();
        assertThat(note.isSignedBy(SigningKey.generate("other.example").verifierKey()))
                .isFalse();
    }

    @Test
    void everyFlippedBitOfASignatureIsSeen() throws MalformedException {
        VerifierKey key = VerifierKey.parse(KEY);
        byte[] signature = Base64.getDecoder().decode(SIGNATURE.strip().split(" ")[2]);
        for (int bit = 0; bit < signature.length * Byte.SIZE; bit++) {
            byte[] flipped = signature.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            String note = NOTE.replace(
                    SIGNATURE, "— example.com/foo " + Base64.getEncoder().encodeToString(flipped) + "\n");
            assertThat(SignedNote.parse(note).isSignedBy(key)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text\n",
                "text\n\n",
                "text\n\nname c2ln\n",
                "text\n\n- name AAAAAAAA\n",
                "text\n\n— nameAAAAAAAA\n",
                "text\n\n—  AAAAAAAA\n",
                "text\n\n— na me AAAAAAAA\n",
                "text\n\n— na+me AAAAAAAA\n",
                "text\n\n— name AAAA*AAA\n",
                "text\n\n— name AAAAAA==\n",
                "text\n\n— name AAAAAAB=\n",
                "text\n\n— name AAAAAAA\n",
                "text\n\n— name AAAAAAAA",
                "text\n\n— name AAAAAAAA \n",
                "text\r\n\n— name AAAAAAAA\n",
                "te\u0000xt\n\n— name AAAAAAAA\n",
                "te\ud800xt\n\n— name AAAAAAAA\n",
                "text\n\n— name AAAAAAAA\n\n",
            })
    void whatIsNotANoteIsRefused(String note) {
        assertThatThrownBy(() -> SignedNote.parse(note)).isInstanceOf(MalformedException.class);
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        byte[] bytes = NOTE.getBytes(StandardCharsets.ISO_8859_1);
        bytes[3] = (byte) 0xff;
        assertThatThrownBy(() -> SignedNote.parse(bytes)).isInstanceOf(MalformedException.class);
    }

    @Test
    void aNoteHasItsLimits() throws MalformedException {
        String most = NOTE.replace(SIGNATURE, SIGNATURE.repeat(SignedNote.SIGNATURES_MAX));
        assertThat(SignedNote.parse(most).names()).hasSize(SignedNote.SIGNATURES_MAX);
        assertThatThrownBy(() -> SignedNote.parse(most + SIGNATURE)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> SignedNote.parse("a".repeat(SignedNote.CHARACTERS_MAX) + "\n" + NOTE))
                .isInstanceOf(MalformedException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "name\n",
                "name\n1\n",
                "name\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
                "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
                "name\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
                "name\n+1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
                "name\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
                "name\n1 \nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
                "name\n\u0661\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
                "name\n9223372036854775808\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
                "name\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n",
                "name\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
                "name\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n",
                "name\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n",
            })
    void whatIsNotACheckpointIsRefused(String text) {
        assertThatThrownBy(() -> Checkpoint.parse(text)).isInstanceOf(MalformedException.class);
    }

    @Test
    void aCheckpointKeepsItsFurtherLines() throws MalformedException {
        String text = "name\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nmore\nlines\n";
        Checkpoint checkpoint = Checkpoint.parse(text);
        assertThat(checkpoint.root()).isEqualTo(TreeHash.empty());
        assertThat(checkpoint.extensions()).containsExactly("more", "lines");
        assertThat(checkpoint.text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.com/foo",
                "example.com/foo+530d903a",
                "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2",
                "exa mple.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            })
    void whatIsNotAKeysTextIsRefused(String text) {
        assertThatThrownBy(() -> VerifierKey.parse(text)).isInstanceOf(MalformedException.class);
    }

    @Test
    void whatIsNotAKeyIsRefused() {
        byte[] notOnTheCurve = HexFormat.of().parseHex("02" + "00".repeat(31));
        assertThatThrownBy(() -> VerifierKey.of(NAME, notOnTheCurve)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> VerifierKey.of(NAME, new byte[31])).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> VerifierKey.ofPem(NAME, "")).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> SigningKey.ofPem(NAME, KEY)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> SigningKey.generate("two words")).isInstanceOf(MalformedException.class);
        assertThatThrownBy(
                        () -> VerifierKey.ofPem(NAME, SigningKey.generate(NAME).pem()))
                .isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> SigningKey.ofPem(
                        NAME, SigningKey.generate(NAME).verifierKey().pem()))
                .isInstanceOf(MalformedException.class);
    }
}
