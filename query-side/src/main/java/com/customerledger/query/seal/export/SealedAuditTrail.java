package com.customerledger.query.seal.export;

import com.customerledger.events.audit.AuditException;
import com.customerledger.events.audit.AuditProgress;
import com.customerledger.events.audit.AuditTrail;
import com.customerledger.events.audit.ExportRequest;
import com.customerledger.events.audit.ExportVerdict;
import com.customerledger.events.audit.Exported;
import com.customerledger.events.audit.SealAudit;
import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.query.database.QueryDatabase;
import com.customerledger.query.seal.SealException;
import com.customerledger.query.seal.SealSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** The audit trail that the seal stands for. Thread-safe. */
public final class SealedAuditTrail implements AuditTrail {

    private static final Duration CONNECTION_WAIT_MAX = Duration.ofSeconds(10);

    /** Made by {@link java.util.ServiceLoader}. */
    public SealedAuditTrail() {}

    @FunctionalInterface
    private interface Work {

        Exported on(Connection connection) throws IOException, SQLException;
    }

    @Override
    public Exported export(
            LedgerDatabase database, SealAudit.Places files, ExportRequest request, Path file, AuditProgress progress)
            throws IOException {
        try (ExportFile opened = ExportFile.open(file)) {
            return onDatabase(
                    database, connection -> new Export(connection, keyFile(files), request, progress).to(opened));
        }
    }

    @Override
    public Exported export(
            LedgerDatabase database,
            SealAudit.Places files,
            ExportRequest request,
            OutputStream out,
            AuditProgress progress)
            throws IOException {
        return onDatabase(database, connection -> new Export(connection, keyFile(files), request, progress).to(out));
    }

    private static Path keyFile(SealAudit.Places files) {
        return new SealSettings(files.dataDir(), new SealSettings.Seal(files.keyFile(), 1)).keyFile();
    }

    private static Exported onDatabase(LedgerDatabase database, Work work) throws IOException {
        try (QueryDatabase queries = new QueryDatabase(database, 1, 1, CONNECTION_WAIT_MAX);
                Connection connection = queries.query()) {
            return work.on(connection);
        } catch (SealException e) {
            throw new AuditException("The seal can't be read: " + e.getMessage() + "; ./ledger verify says more", e);
        } catch (SQLException e) {
            if (QueryDatabase.isTableMissing(e)) {
                throw new AuditException("Nothing is sealed yet: start the ledger (./ledger serve) first", e);
            }
            throw new AuditException("The database does not answer: " + e.getMessage(), e);
        }
    }

    @Override
    public ExportVerdict verify(Path file, String publicKey, AuditProgress progress) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new OfflineVerification(in, publicKey, progress).run();
        }
    }
}
