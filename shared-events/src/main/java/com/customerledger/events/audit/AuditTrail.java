package com.customerledger.events.audit;

import com.customerledger.events.database.LedgerDatabase;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ServiceLoader;

/**
 * Takes a merchant's events out of the ledger with the proofs that they are what was sealed, and verifies that without
 * the ledger. Found by {@link ServiceLoader}. Thread-safe.
 */
public interface AuditTrail {

    /** The one on the class path. */
    static AuditTrail find() {
        return ServiceLoader.load(AuditTrail.class)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nothing on the class path gives the audit trail"));
    }

    /**
     * Writes an export to a file, or goes on with one that was begun by the same request and not finished. The file is
     * made with mode 600 where it is missing.
     *
     * @param files where the private key is that signs the ledger's heads
     * @throws AuditException when it can't be, with the reason for whoever asked
     */
    Exported export(
            LedgerDatabase database, SealAudit.Places files, ExportRequest request, Path file, AuditProgress progress)
            throws IOException;

    /**
     * Writes an export to a stream, which it does not close.
     *
     * @param files where the private key is that signs the ledger's heads
     * @throws AuditException when it can't be, with the reason for whoever asked
     */
    Exported export(
            LedgerDatabase database,
            SealAudit.Places files,
            ExportRequest request,
            OutputStream out,
            AuditProgress progress)
            throws IOException;

    /**
     * Verifies an export of whatever format with nothing but a public key.
     *
     * @param publicKey PEM text, or the text of a C2SP verifier key
     * @throws AuditException when the key is none
     */
    ExportVerdict verify(Path file, String publicKey, AuditProgress progress) throws IOException;
}
