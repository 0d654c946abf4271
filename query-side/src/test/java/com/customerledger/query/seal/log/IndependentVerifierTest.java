package com.customerledger.query.seal.log;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigstore.rekor.client.ImmutableInclusionProof;
import dev.sigstore.rekor.client.ImmutableRekorEntry;
import dev.sigstore.rekor.client.ImmutableVerification;
import dev.sigstore.rekor.client.RekorEntry;
import dev.sigstore.rekor.client.RekorVerificationException;
import dev.sigstore.rekor.client.RekorVerifier;
import dev.sigstore.trustroot.ImmutableLogId;
import dev.sigstore.trustroot.ImmutablePublicKey;
import dev.sigstore.trustroot.ImmutableTransparencyLog;
import dev.sigstore.trustroot.ImmutableValidFor;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sigstore's own verifier of its transparency log's entries, which knows nothing of ours, reads our checkpoints and proofs. */
class IndependentVerifierTest {

    private static final String ORIGIN = "ledger.example";
    private static final int SIZE = 77;
    private static final int INDEX = 69;

    private final SigningKey key = SigningKey.generate(ORIGIN);
    private final List<byte[]> contents = new ArrayList<>();
    private final NaiveTree tree;

    IndependentVerifierTest() throws MalformedException {
        for (int leaf = 0; leaf < SIZE; leaf++) {
            contents.add(("content of leaf " + leaf).getBytes(StandardCharsets.UTF_8));
        }
        tree = NaiveTree.of(contents);
    }

    private String checkpoint() {
        Frontier frontier = new Frontier();
        tree.leafHashes().forEach(frontier::append);
        return SignedNote.sign(new Checkpoint(ORIGIN, frontier.size(), frontier.root()).text(), key)
                .toString();
    }

    private RekorEntry entry(byte[] content, String checkpoint, long index) {
        List<String> path = InclusionProof.path(INDEX, SIZE, tree::node).stream()
                .map(HexFormat.of()::formatHex)
                .toList();
        return ImmutableRekorEntry.builder()
                .body(Base64.getEncoder().encodeToString(content))
                .integratedTime(0)
                .logID(HexFormat.of().formatHex(logId()))
                .logIndex(index)
                .verification(ImmutableVerification.builder()
                        .signedEntryTimestamp("")
                        .inclusionProof(ImmutableInclusionProof.builder()
                                .hashes(path)
                                .logIndex(index)
                                .rootHash(HexFormat.of().formatHex(tree.root(SIZE)))
                                .treeSize((long) SIZE)
                                .checkpoint(checkpoint)
                                .build())
                        .build())
                .build();
    }

    private byte[] logId() {
        return ByteBuffer.allocate(TreeHash.LENGTH)
                .putInt(key.verifierKey().id())
                .array();
    }

    private void verify(RekorEntry entry) throws RekorVerificationException {
        RekorVerifier.newRekorVerifier(List.of(ImmutableTransparencyLog.builder()
                        .baseUrl(URI.create("https://" + ORIGIN))
                        .hashAlgorithm("SHA2_256")
                        .logId(ImmutableLogId.builder().keyId(logId()).build())
                        .publicKey(ImmutablePublicKey.builder()
                                .rawBytes(spki())
                                .keyDetails("PKIX_ED25519")
                                .validFor(ImmutableValidFor.builder()
                                        .start(Instant.EPOCH)
                                        .build())
                                .build())
                        .build()))
                .verifyEntry(entry);
    }

    private byte[] spki() {
        List<String> lines = key.verifierKey().pem().lines().toList();
        return Base64.getDecoder().decode(lines.get(1));
    }

    @Test
    void theyAcceptOurCheckpointAndProof() {
        assertThatNoException().isThrownBy(() -> verify(entry(contents.get(INDEX), checkpoint(), INDEX)));
    }

    @Test
    void theyRefuseWhatWasChanged() {
        String checkpoint = checkpoint();
        assertThatThrownBy(() -> verify(entry(contents.get(0), checkpoint, INDEX)))
                .isInstanceOf(RekorVerificationException.class)
                .hasMessageContaining("nclusion proof");
        assertThatThrownBy(() -> verify(entry(contents.get(INDEX), checkpoint, INDEX - 1)))
                .isInstanceOf(RekorVerificationException.class)
                .hasMessageContaining("nclusion proof");
        String larger = checkpoint.replace("\n" + SIZE + "\n", "\n" + (SIZE + 1) + "\n");
        assertThatThrownBy(() -> verify(entry(contents.get(INDEX), larger, INDEX)))
                .isInstanceOf(RekorVerificationException.class)
                .hasMessageContaining("signature was invalid");
    }
}
