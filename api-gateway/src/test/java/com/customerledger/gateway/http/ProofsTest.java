package com.customerledger.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.gateway.keys.ApiKey.Kind;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Receipts, checkpoints and keys over HTTP, verified here with nothing of the ledger's code. */
class ProofsTest {

    private final TestServer server = TestServer.shared();
    private final TestServer.Caller merchant = server.merchant();

    private String create(String reference) {
        Reply created = merchant.post("/customers/create", """
                {"records":[{"reference":"%s","company_name":"Ünïcode 🚀"}]}
                """.formatted(reference));
        assertThat(created.status()).as(created.toString()).isEqualTo(200);
        return created.at("/results/0/id");
    }

    private void rename(String id, String name) {
        Reply updated = merchant.post("/customers/update", """
                {"records":[{"id":"%s","company_name":"%s"}]}
                """.formatted(id, name));
        assertThat(updated.status()).as(updated.toString()).isEqualTo(200);
    }

    @Test
    void aReceiptHoldsEveryEventThatWasAcknowledgedAndProvesThem() throws Exception {
        String id = create("receipt");
        rename(id, "another");

        Reply reply = merchant.get("/customers/" + id + "/receipt");

        assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
        JsonNode receipt = reply.json().at("/results/0");
        assertThat(receipt.at("/customer_id").asString()).isEqualTo(id);
        assertThat(receipt.at("/events").size()).isEqualTo(2);
        assertThat(receipt.at("/next_after").isNull()).isTrue();
        byte[] root = root(receipt.at("/checkpoint").asString());
        for (JsonNode event : receipt.at("/events")) {
            byte[] hash = leafHash(event);
            assertThat(event.at("/leaf_hash").asString())
                    .isEqualTo(Base64.getEncoder().encodeToString(hash));
            assertThat(provenRoot(hash, event, receipt.at("/size").asLong())).isEqualTo(root);
        }
        assertThat(receipt.at("/events/1/payload").asString()).contains("another");

        Reply second = merchant.get("/customers/" + id + "/receipt?after=0");
        assertThat(second.json().at("/results/0/events").size()).isEqualTo(1);
        assertThat(second.at("/results/0/events/0/type")).isEqualTo("CustomerUpdated");
    }

    /** The leaf as its documentation describes it. */
    private static byte[] leafHash(JsonNode event) throws Exception {
        ByteArrayOutputStream leaf = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(leaf);
        UUID id = UUID.fromString(event.at("/event_id").asString());
        Instant at = Instant.parse(event.at("/at").asString());
        out.writeByte(0);
        out.writeByte(1);
        out.writeLong(event.at("/position").asLong());
        out.writeLong(id.getMostSignificantBits());
        out.writeLong(id.getLeastSignificantBits());
        text(out, event, "customer_id");
        out.writeLong(event.at("/sequence").asLong());
        text(out, event, "type");
        out.writeInt(event.at("/revision").asInt());
        out.writeLong(at.getEpochSecond() * 1_000_000 + at.getNano() / 1_000);
        text(out, event, "payload");
        text(out, event, "metadata");
        text(out, event, "merchant");
        out.writeLong(event.at("/number").asLong());
        return MessageDigest.getInstance("SHA-256").digest(leaf.toByteArray());
    }

    private static void text(DataOutputStream out, JsonNode event, String name) throws IOException {
        byte[] bytes = event.at("/" + name).asString().getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** By the definition of the path (RFC 9162, 2.1.3.1), from the root down. */
    private static byte[] provenRoot(byte[] leaf, JsonNode event, long size) throws Exception {
        return provenRoot(
                leaf,
                event.at("/leaf_index").asLong(),
                size,
                event.at("/proof"),
                event.at("/proof").size());
    }

    private static byte[] provenRoot(byte[] leaf, long index, long size, JsonNode path, int length) throws Exception {
        if (size == 1) {
            assertThat(length).isZero();
            return leaf;
        }
        long left = Long.highestOneBit(size - 1);
        byte[] last = Base64.getDecoder().decode(path.get(length - 1).asString());
        MessageDigest node = MessageDigest.getInstance("SHA-256");
        node.update((byte) 1);
        if (index < left) {
            node.update(provenRoot(leaf, index, left, path, length - 1));
            node.update(last);
        } else {
            node.update(last);
            node.update(provenRoot(leaf, index - left, size - left, path, length - 1));
        }
        return node.digest();
    }

    /** The root of a checkpoint that the published key has signed. */
    private byte[] root(String checkpoint) throws Exception {
        String pem = merchant.get("/ledger/key", "Accept", "text/plain").text();
        PublicKey key = KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(
                        Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""))));
        int gap = checkpoint.indexOf("\n\n");
        String text = checkpoint.substring(0, gap + 1);
        String[] signature = checkpoint.substring(gap + 2).strip().split(" ");
        byte[] bytes = Base64.getDecoder().decode(signature[2]);
        Signature verification = Signature.getInstance("Ed25519");
        verification.initVerify(key);
        verification.update(text.getBytes(StandardCharsets.UTF_8));
        assertThat(verification.verify(Arrays.copyOfRange(bytes, 4, bytes.length)))
                .isTrue();
        String[] lines = text.split("\n");
        assertThat(lines[0]).isEqualTo(signature[1]);
        return Base64.getDecoder().decode(lines[2]);
    }

    @Test
    void aReceiptIsOfTheMerchantsOwnCustomersOnly() {
        String id = create("own");
        Reply foreign = server.merchant().get("/customers/" + id + "/receipt");
        Reply unknown = merchant.get("/customers/cus_000000000000000000000/receipt");
        Reply malformed = merchant.get("/customers/nonsense/receipt");

        for (Reply reply : new Reply[] {foreign, unknown, malformed}) {
            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.code()).isEqualTo("007");
            assertThat(reply.text()).isEqualTo(unknown.text());
        }
    }

    @Test
    void theCheckpointIsSignedAndComesAsJsonAndAsText() throws Exception {
        String id = create("checkpoint");
        long size = merchant.get("/customers/" + id + "/receipt")
                .json()
                .at("/results/0/size")
                .asLong();

        Reply newest = merchant.get("/ledger/checkpoint");
        Reply text = merchant.get("/ledger/checkpoint?size=" + size, "Accept", "text/plain");

        assertThat(newest.status()).as(newest.toString()).isEqualTo(200);
        assertThat(newest.header("Content-Type")).isEqualTo("application/json");
        assertThat(newest.json().at("/results/0/size").asLong()).isGreaterThanOrEqualTo(size);
        assertThat(root(newest.at("/results/0/checkpoint")))
                .isEqualTo(Base64.getDecoder().decode(newest.at("/results/0/root")));
        assertThat(newest.at("/results/0/checkpoint")).startsWith(newest.at("/results/0/origin") + "\n");
        assertThat(text.status()).isEqualTo(200);
        assertThat(text.header("Content-Type")).startsWith("text/plain");
        assertThat(text.text().split("\n")[1]).isEqualTo(Long.toString(size));
        assertThat(root(text.text())).hasSize(32);
    }

    @Test
    void aSizeWithoutAHeadOfItsOwnIsCoveredByTheNextOne() {
        create("covered");
        Reply one = merchant.get("/ledger/checkpoint?size=1");
        assertThat(one.status()).as(one.toString()).isEqualTo(200);
        assertThat(one.json().at("/results/0/size").asLong()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ledger/checkpoint?size=0",
                "/ledger/checkpoint?size=-1",
                "/ledger/checkpoint?size=",
                "/ledger/checkpoint?size=1e3",
                "/ledger/checkpoint?size=999999999999999999",
                "/ledger/checkpoint?size=9999999999999999999",
                "/ledger/checkpoint?size=1&size=1",
                "/ledger/checkpoint?at=1",
                "/ledger/key?size=1",
                "/customers/cus_000000000000000000000/receipt?after=-1",
                "/customers/cus_000000000000000000000/receipt?consistency=eventual",
            })
    void whatIsMalformedOrBeyondTheTreeIsRefused(String target) {
        create("refused");
        merchant.get("/ledger/checkpoint");

        Reply reply = merchant.get(target);

        assertThat(reply.status()).as(reply.toString()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("006");
    }

    @Test
    void theKeyComesAsVerifierKeyAndAsPem() throws Exception {
        String id = create("key");
        merchant.get("/customers/" + id + "/receipt");

        Reply reply = merchant.get("/ledger/key");

        assertThat(reply.status()).isEqualTo(200);
        JsonNode key = reply.json().at("/results/0");
        assertThat(key.at("/vkey").asString()).startsWith(key.at("/origin").asString() + "+");
        assertThat(key.at("/pem").asString())
                .isEqualTo(merchant.get("/ledger/key", "Accept", "text/plain").text())
                .startsWith("-----BEGIN PUBLIC KEY-----\n");
        assertThat(key.at("/epoch").asInt()).isEqualTo(1);
        byte[] typed = Base64.getDecoder().decode(key.at("/vkey").asString().split("\\+", 3)[2]);
        byte[] spki = Base64.getMimeDecoder().decode(key.at("/pem").asString().replaceAll("-----[A-Z ]+-----", ""));
        assertThat(Arrays.copyOfRange(typed, 1, 33)).isEqualTo(Arrays.copyOfRange(spki, 12, 44));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/* | application/json",
                "application/json, text/plain | application/json",
                "text/plain;q=0.5, application/json | application/json",
                "text/*, application/json;q=0.9 | text/plain",
                "text/plain, */*;q=0.1 | text/plain",
            })
    void whoAsksForTextGetsText(String accept, String type) {
        merchant.get("/customers/" + create("accept") + "/receipt");

        assertThat(merchant.get("/ledger/checkpoint", "Accept", accept).header("Content-Type"))
                .startsWith(type);
    }

    @Test
    void whatCanNotBeAnsweredIs406() {
        assertThat(merchant.get("/ledger/checkpoint", "Accept", "image/png").status())
                .isEqualTo(406);
    }

    @Test
    void thePaymentsPlatformAndNobodyAreRefused() {
        TestServer.Caller platform = server.key("proofs' platform", Kind.PAYMENTS);
        for (String target :
                new String[] {"/ledger/checkpoint", "/ledger/key", "/customers/cus_000000000000000000000/receipt"}) {
            assertThat(platform.get(target).status()).isEqualTo(403);
            assertThat(server.nobody().get(target).status()).isEqualTo(401);
            assertThat(merchant.send("POST", target, new byte[0]).status()).isEqualTo(405);
        }
    }

    @Test
    void beforeTheFirstEventThereIsNothing() {
        try (TestServer empty = TestServer.start(Map.of())) {
            TestServer.Caller early = empty.merchant();
            for (String target : new String[] {"/ledger/checkpoint", "/ledger/key"}) {
                assertThat(early.get(target).status()).isEqualTo(404);
                assertThat(early.get(target).code()).isEqualTo("007");
            }
            assertThat(early.get("/ledger/checkpoint?size=1").code()).isEqualTo("006");
        }
    }
}
