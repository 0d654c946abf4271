package com.customerledger.query.seal;

import com.customerledger.events.audit.SealAudit;
import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.query.database.QueryDatabase;
import com.customerledger.query.seal.log.MalformedException;
import com.customerledger.query.seal.log.SignedNote;
import com.customerledger.query.seal.log.SigningKey;
import com.customerledger.query.seal.log.VerifierKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The seal's proofs on connections of their own. Thread-safe. */
public final class LedgerSealAudit implements SealAudit {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerSealAudit.class);
    private static final long PROGRESS_EVERY_MS = 100;

    // A key's name is of no matter where only its bytes are asked for.
    private static final String ANY_NAME = "customer-ledger";

    /** Made by the service loader. */
    public LedgerSealAudit() {}

    @Override
    public long size(LedgerDatabase database) {
        try (Connection connection = QueryDatabase.forCommand(database, database.application())) {
            return Heads.size(connection, Tables.LEDGER);
        } catch (SQLException e) {
            throw QueryDatabase.failedForCommand(e);
        }
    }

    @Override
    public Verdict verify(LedgerDatabase database, Places files, Given given, LongConsumer progress)
            throws IOException {
        byte[] trusted = trustedKey(files, given);
        // Taken before the snapshot: a head that is signed meanwhile is for events that the snapshot may not have.
        List<SignedNote> outside = new ArrayList<>();
        SealSettings settings = settings(files);
        if (Files.exists(settings.headsFile())) {
            outside.addAll(HeadsFile.all(settings.headsFile()));
        }
        for (Path checkpoint : given.checkpoints()) {
            List<SignedNote> notes = HeadsFile.all(checkpoint);
            if (notes.isEmpty()) {
                throw new IllegalArgumentException(checkpoint + " holds no signed checkpoint");
            }
            outside.addAll(notes);
        }
        try (Connection connection = reading(database);
                Connection second = reading(database)) {
            share(connection, second);
            Judgement found = new Verification(Tables.LEDGER, progress).run(connection, second, outside, trusted);
            return new Verdict(
                    found.events(),
                    found.verified(),
                    found.notYetSealed(),
                    found.heads(),
                    found.headsOutside(),
                    trusted == null,
                    found.findings().stream().map(Finding::text).toList(),
                    found.unlisted());
        } catch (SealException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        } catch (SQLException e) {
            throw QueryDatabase.failedForCommand(e);
        }
    }

    private static Connection reading(LedgerDatabase database) throws SQLException {
        Connection connection = QueryDatabase.forCommand(database, database.application());
        connection.setAutoCommit(false);
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        return connection;
    }

    /** Lets the second transaction, which begins with this, read the first one's snapshot. */
    private static void share(Connection first, Connection second) throws SQLException {
        try (Statement export = first.createStatement();
                ResultSet row = export.executeQuery("SELECT pg_export_snapshot()");
                Statement take = second.createStatement()) {
            row.next();
            take.execute("SET TRANSACTION SNAPSHOT '" + row.getString(1) + "'");
        }
    }

    private static byte @Nullable [] trustedKey(Places files, Given given) throws IOException {
        try {
            if (given.publicKey() != null) {
                return VerifierKey.ofPem(ANY_NAME, Files.readString(given.publicKey()))
                        .bytes();
            }
            SigningKey key = new KeyFile(settings(files).keyFile()).read(ANY_NAME);
            return key == null ? null : key.verifierKey().bytes();
        } catch (MalformedException | SealException e) {
            throw new IllegalArgumentException(
                    (given.publicKey() == null ? "" : given.publicKey() + ": ") + e.getMessage(), e);
        }
    }

    @Override
    public DrillResult drill(LedgerDatabase database, int attacks, int events, long seed, LongConsumer progress) {
        AtomicLong eventsOnly = new AtomicLong();
        AtomicLong sealToo = new AtomicLong();
        ExecutorService attackers = Executors.newFixedThreadPool(2);
        try {
            Future<DrillResult> first =
                    attackers.submit(() -> drill(database, attacks, events, seed, false, eventsOnly::set));
            Future<DrillResult> second =
                    attackers.submit(() -> drill(database, attacks, events, seed, true, sealToo::set));
            while (!first.isDone() || !second.isDone()) {
                awaitAWhile(first.isDone() ? second : first);
                progress.accept(eventsOnly.get() + sealToo.get());
            }
            return new DrillResult(
                    first.get().events(), first.get().eventsOnly(), second.get().eventsAndSeal());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException refused) {
                throw QueryDatabase.failedForCommand(refused);
            }
            throw e.getCause() instanceof RuntimeException failed ? failed : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            attackers.shutdownNow();
        }
    }

    private static void awaitAWhile(Future<?> attacker) throws InterruptedException, ExecutionException {
        try {
            attacker.get(PROGRESS_EVERY_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException stillAttacking) {
            LOG.trace("still attacking", stillAttacking);
        }
    }

    private static DrillResult drill(
            LedgerDatabase database, int attacks, int events, long seed, boolean sealToo, LongConsumer progress)
            throws SQLException {
        try (Connection connection = QueryDatabase.forCommand(database, database.application())) {
            Drill drill = new Drill(connection, events, seed);
            Score score = drill.attack(attacks, sealToo, progress);
            return new DrillResult(drill.events(), score, score);
        }
    }

    @Override
    public String acceptRollback(LedgerDatabase database, Places files) throws IOException {
        SealSettings settings = settings(files);
        try (Connection connection = QueryDatabase.forCommand(database, database.owner())) {
            return new Rollback(connection, new KeyFile(settings.keyFile()), new HeadsFile(settings.headsFile()))
                    .accept();
        } catch (SealException e) {
            throw new IllegalStateException(e.getMessage(), e);
        } catch (SQLException e) {
            throw QueryDatabase.failedForCommand(e);
        }
    }

    private static SealSettings settings(Places files) {
        return new SealSettings(files.dataDir(), new SealSettings.Seal(files.keyFile(), 1));
    }
}
