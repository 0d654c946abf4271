package com.customerledger.query.seal;

import com.customerledger.query.seal.log.MalformedException;
import com.customerledger.query.seal.log.SignedNote;
import com.customerledger.query.seal.log.SigningKey;
import com.customerledger.query.seal.log.VerifierKey;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the key says to an epoch's beginning: a signed note. Of the first one the origin and {@code begins}; of another one,
 * a line each: the origin, {@code follows}, the origin before, how many leaves are kept, their root, and the size of the
 * newest head that was given up.
 */
final class EpochStatement {

    private static final int SIZE_LINE = 3;

    private EpochStatement() {}

    static String begins(SigningKey key) {
        return SignedNote.sign(key.verifierKey().name() + "\nbegins\n", key).toString();
    }

    static String follows(SigningKey key, String before, long firstSize, byte[] root, long lostSize) {
        String text = "%s\nfollows\n%s\n%d\n%s\n%d\n"
                .formatted(
                        key.verifierKey().name(),
                        before,
                        firstSize,
                        Base64.getEncoder().encodeToString(root),
                        lostSize);
        return SignedNote.sign(text, key).toString();
    }

    /** Whether the epoch begins as the key says. */
    static boolean isValid(Epoch epoch, @Nullable Epoch before, VerifierKey key) {
        SignedNote note;
        try {
            note = SignedNote.parse(epoch.statement());
        } catch (MalformedException e) {
            return false;
        }
        if (!note.isSignedBy(key)) {
            return false;
        }
        if (before == null) {
            return epoch.number() == 1 && epoch.firstSize() == 0 && note.text().equals(epoch.origin() + "\nbegins\n");
        }
        List<String> lines = note.text().lines().toList();
        return epoch.number() == before.number() + 1
                && lines.size() == SIZE_LINE + 3
                && lines.subList(0, SIZE_LINE + 1)
                        .equals(List.of(epoch.origin(), "follows", before.origin(), Long.toString(epoch.firstSize())));
    }
}
