package com.customerledger.query.seal;

import static com.customerledger.query.TestStore.START;
import static com.customerledger.query.TestStore.created;
import static com.customerledger.query.TestStore.updated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.customerledger.events.LedgerEvent;
import com.customerledger.events.audit.SealAudit;
import com.customerledger.events.audit.SealAudit.DrillResult;
import com.customerledger.events.audit.SealAudit.Given;
import com.customerledger.events.audit.SealAudit.Places;
import com.customerledger.events.audit.SealAudit.Verdict;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.query.TestNode;
import com.customerledger.query.TestStore;
import com.customerledger.query.seal.log.SignedNote;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The seal on a real store: its leaves, its heads, what they prove and what happens when they don't. */
@SuppressWarnings("NullAway.Init")
class SealTest {

    private final SealAudit audit =
            ServiceLoader.load(SealAudit.class).findFirst().orElseThrow();

    @TempDir
    private Path directory;

    private TestStore store;
    private @Nullable TestNode node;
    private @Nullable HeadSigner signer;

    @BeforeEach
    void start() {
        store = new TestStore();
        startNode();
    }

    @AfterEach
    void stop() {
        stopNode();
    }

    private void startNode() {
        TestNode started = new TestNode(store, List.of(new Seal()));
        node = started;
        HeadSigner signing = new HeadSigner(started.database(), started.views()::awaitMade, settings());
        signer = signing;
        signing.start();
    }

    private void stopNode() {
        if (signer != null) {
            signer.stop();
            signer = null;
        }
        if (node != null) {
            node.close();
            node = null;
        }
    }

    private HeadSigner signer() {
        HeadSigner running = signer;
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        return running;
    }

    private SealSettings settings() {
        return new SealSettings(directory, new SealSettings.Seal(null, 10));
    }

    private Places places() {
        return new Places(directory, null);
    }

    private Verdict verify(Path... checkpoints) throws Exception {
        return audit.verify(store.database(), places(), new Given(List.of(checkpoints), null), read -> {});
    }

    /** Customers of two merchants, with an update each. */
    private void append(int from, int to) {
        for (int i = from; i < to; i++) {
            String id = "cus_" + i;
            LedgerEvent first = created(i % 3 == 0 ? "mer_two" : TestStore.MERCHANT, id, START.plusSeconds(i), "r" + i);
            if (i % 3 == 0) {
                store.append(first);
            } else {
                store.append(first, updated(id, START.plusSeconds(i), CustomerField.CITY_OR_TOWN, "Kāpa " + i));
            }
        }
    }

    private void awaitHead() throws SQLException {
        long events = Long.parseLong(one("SELECT count(*) FROM ledger.events"));
        await().until(() -> signer().state().size() == events);
    }

    private String one(String sql) throws SQLException {
        String value = store.query(sql).get(0);
        if (value == null) {
            throw new IllegalStateException("nothing");
        }
        return value;
    }

    /** As somebody who may do everything in the database. */
    private void tamper(String sql) throws SQLException {
        try (var connection = store.connectAsOwner();
                var statement = connection.createStatement()) {
            statement.execute("ALTER TABLE ledger.events DISABLE TRIGGER events_never_change; " + sql
                    + "; ALTER TABLE ledger.events ENABLE TRIGGER events_never_change");
        }
    }

    @Test
    void everyEventHasItsLeafAndEachMerchantsEventsAreCountedWithoutGap() throws Exception {
        append(0, 150);
        store.burnNumbers(3);
        append(150, 300);
        awaitHead();

        assertThat(store.query("""
                SELECT e.position FROM ledger.events e FULL JOIN seal.leaves l USING (position)
                 WHERE e.position IS NULL OR l.position IS NULL
                """)).isEmpty();
        assertThat(store.query("""
                SELECT merchant_id || ' ' || count(*) || ' ' || max(number) || ' ' || min(number)
                  FROM seal.leaves JOIN seal.merchants USING (merchant) GROUP BY merchant_id ORDER BY 1
                """)).containsExactly("mer_one 400 400 1", "mer_two 100 100 1");
        assertThat(store.query("""
                SELECT 1 FROM (SELECT position, lag(position) OVER (ORDER BY leaf_index) AS before FROM seal.leaves) AS l
                 WHERE before > position
                """)).isEmpty();
        assertThat(verify().findings()).isEmpty();
    }

    @Test
    void aRestartGoesOnWhereItWas() throws Exception {
        append(0, 130);
        awaitHead();
        stopNode();
        append(130, 300);
        startNode();
        awaitHead();

        Verdict verdict = verify();
        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.verified()).isEqualTo(verdict.events()).isEqualTo(500);
        assertThat(verdict.headsOutside()).isEqualTo(verdict.heads()).isGreaterThan(1);
        assertThat(one("SELECT count(*) FROM seal.nodes")).isEqualTo("1");
    }

    @Test
    void theSealsTablesCantBeChangedByTheApplication() throws Exception {
        append(0, 1);
        awaitHead();
        for (String table : List.of("leaves", "nodes", "heads", "epochs", "merchants")) {
            assertThatThrownBy(() -> store.execute("DELETE FROM seal." + table))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("permission denied");
        }
        assertThatThrownBy(() -> {
                    try (var connection = store.connectAsOwner();
                            var statement = connection.createStatement()) {
                        statement.execute("UPDATE seal.leaves SET number = 1");
                    }
                })
                .hasMessageContaining("the seal only grows");
    }

    @Test
    void filesAreForTheirOwnerOnly() throws Exception {
        append(0, 1);
        awaitHead();
        for (String file : List.of("seal.key", "seal.heads")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(file))))
                    .isEqualTo("rw-------");
        }
        assertThat(one("SELECT string_agg(origin || statement || encode(public_key, 'hex'), '') FROM seal.epochs"))
                .doesNotContain("PRIVATE");
    }

    @Test
    void withoutItsKeyALedgerWithHeadsSealsButDoesNotSign() throws Exception {
        append(0, 5);
        awaitHead();
        stopNode();
        Path key = directory.resolve("seal.key");
        String pem = Files.readString(key);
        Files.delete(key);
        startNode();
        await().until(() -> signer().state().trouble() != null);
        append(5, 8);
        await().until(() -> one("SELECT count(*) FROM seal.leaves").equals(one("SELECT count(*) FROM ledger.events")));

        assertThat(signer().state().signing()).isFalse();
        assertThat(signer().refusal()).isNull();
        assertThat(Files.exists(key)).isFalse();
        assertThat(verify().notYetSealed()).isEqualTo(5);

        Files.writeString(
                key, com.customerledger.query.seal.log.SigningKey.generate("x").pem());
        await().until(() -> String.valueOf(signer().state().trouble()).contains("not the key of this ledger"));
        Files.writeString(key, pem);
        awaitHead();
        assertThat(verify().findings()).isEmpty();
    }

    @Test
    void eachKindOfTamperingIsNamed() throws Exception {
        append(0, 60);
        awaitHead();
        stopNode();
        List<String> positions = new ArrayList<>();
        store.query("SELECT position FROM ledger.events ORDER BY position")
                .forEach(each -> positions.add(String.valueOf(each)));
        String third = positions.get(3);
        String last = positions.get(positions.size() - 1);
        tamper("UPDATE ledger.events SET payload = replace(payload, 'Meteor', 'Meteos') WHERE position = " + third);
        tamper("UPDATE ledger.events SET occurred_at = occurred_at + interval '1 microsecond' WHERE position = "
                + positions.get(7));
        tamper("DELETE FROM ledger.events WHERE position = " + positions.get(20));
        tamper(
                "INSERT INTO ledger.events SELECT position + 5, gen_random_uuid(), 'cus_added', 0, type, revision, occurred_at,"
                        + " payload, metadata FROM ledger.events WHERE position = " + third);
        tamper("UPDATE ledger.events SET position = -1 WHERE position = %1$s; UPDATE ledger.events SET position = %1$s"
                        .formatted(positions.get(30))
                + " WHERE position = %1$s; UPDATE ledger.events SET position = %1$s WHERE position = -1"
                        .formatted(positions.get(33)));
        tamper("DELETE FROM ledger.events WHERE position = " + last);

        Verdict verdict = verify();

        assertThat(verdict.intact()).isFalse();
        assertThat(verdict.findings())
                .anyMatch(text -> text.contains("position " + third + ")") && text.contains("was changed"))
                .anyMatch(text -> text.contains("position " + positions.get(7) + ")") && text.contains("was changed"))
                .anyMatch(text -> text.contains("position " + positions.get(20) + ",") && text.contains("was removed"))
                .anyMatch(text -> text.contains("cus_added") && text.contains("was added"))
                .anyMatch(
                        text -> text.contains("position " + positions.get(30) + ")") && text.contains("was sealed at"))
                .anyMatch(text -> text.contains("position " + last + ",") && text.contains("cut off the end"));
        assertThat(verdict.findings()).noneMatch(text -> text.contains("node"));
    }

    @Test
    void aLiveLedgerIsVerifiedWithoutFalseAlarm() throws Exception {
        append(0, 10);
        awaitHead();
        Thread writing = new Thread(() -> append(10, 400));
        writing.start();
        while (writing.isAlive()) {
            Verdict verdict = verify();
            assertThat(verdict.findings()).isEmpty();
            assertThat(verdict.verified() + verdict.notYetSealed()).isEqualTo(verdict.events());
        }
        writing.join();
    }

    @Test
    void aCheckpointThatWasKeptElsewhereIsExtended() throws Exception {
        append(0, 10);
        awaitHead();
        Path kept = directory.resolve("kept.txt");
        Files.copy(directory.resolve("seal.heads"), kept);
        append(10, 20);
        awaitHead();
        assertThat(verify(kept).findings()).isEmpty();

        Path forged = directory.resolve("forged.txt");
        SignedNote newest = new HeadsFile(kept).newest();
        assertThat(newest).isNotNull();
        Files.writeString(forged, String.valueOf(newest).replaceFirst("\n1[0-9]\n", "\n12\n"));
        assertThat(verify(forged).findings()).anyMatch(text -> text.contains("not signed by the ledger's key"));
    }

    @Test
    void headsTornByACrashAreWrittenOver() throws Exception {
        append(0, 3);
        awaitHead();
        stopNode();
        Path heads = directory.resolve("seal.heads");
        int whole = HeadsFile.all(heads).size();
        String text = Files.readString(heads);
        for (int length = 1; length < text.length() && length < 180; length += 7) {
            Files.writeString(heads, text);
            Files.writeString(heads, text.substring(0, length), StandardOpenOption.APPEND);
            assertThat(HeadsFile.all(heads)).hasSize(whole);
            assertThat(String.valueOf(new HeadsFile(heads).newest()))
                    .isEqualTo(text.substring(
                            text.length()
                                    - String.valueOf(new HeadsFile(heads).newest())
                                            .length()
                                    - 1,
                            text.length() - 1));
        }
        startNode();
        append(3, 5);
        awaitHead();
        assertThat(HeadsFile.all(heads)).hasSizeGreaterThan(whole);
        assertThat(verify().findings()).isEmpty();
    }

    @Test
    void afterALossWritesAreRefusedUntilItIsAccepted() throws Exception {
        append(0, 40);
        awaitHead();
        stopNode();
        long before = Long.parseLong(one("SELECT count(*) FROM ledger.events"));
        tamper(
                "DELETE FROM ledger.events WHERE position IN (SELECT position FROM ledger.events ORDER BY position DESC LIMIT 7)");
        startNode();
        await().until(() -> String.valueOf(signer().refusal()).contains("accept-rollback"));
        assertThat(store.query("SELECT reason FROM ledger.write_stop")).hasSize(1);
        assertThat(verify().findings()).anyMatch(text -> text.contains("cut off the end"));

        assertThat(audit.acceptRollback(store.database(), places()))
                .isEqualTo("Epoch 2 begins with the first %d events; the newest head before was for %d."
                        .formatted(before - 7, before));

        await().until(() -> signer().refusal() == null);
        assertThat(store.query("SELECT reason FROM ledger.write_stop")).isEmpty();
        append(100, 130);
        awaitHead();
        assertThat(signer().state().epoch()).isEqualTo(2);
        assertThat(verify().findings()).isEmpty();
        assertThatThrownBy(() -> audit.acceptRollback(store.database(), places()))
                .hasMessageContaining("Nothing is lost");
    }

    @Test
    void aDrillFindsEveryAttack() throws Exception {
        append(0, 120);
        awaitHead();

        DrillResult result = audit.drill(store.database(), 60, 10_000, 42, made -> {});

        assertThat(result.eventsOnly().misses()).isEmpty();
        assertThat(result.eventsAndSeal().misses()).isEmpty();
        assertThat(result.eventsOnly().detected()).isEqualTo(60);
        assertThat(result.eventsAndSeal().located()).isEqualTo(60);
        assertThat(verify().findings()).isEmpty();
    }
}
