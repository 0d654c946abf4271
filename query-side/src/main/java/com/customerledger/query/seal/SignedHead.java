package com.customerledger.query.seal;

import com.customerledger.query.seal.log.Checkpoint;
import com.customerledger.query.seal.log.MalformedException;
import com.customerledger.query.seal.log.SignedNote;
import com.customerledger.query.seal.log.VerifierKey;

/**
 * A head whose signature was verified.
 *
 * @param epoch the epoch that it was signed in
 * @param key the key that signed it
 * @param checkpoint what it says
 * @param note the signed note as it was written
 */
public record SignedHead(int epoch, VerifierKey key, Checkpoint checkpoint, String note) {

    /**
     * The head that a note bears.
     *
     * @throws MalformedException when the note is none, or is not signed by the key, or is of another log
     */
    public static SignedHead of(int epoch, VerifierKey key, String note) throws MalformedException {
        SignedNote signed = SignedNote.parse(note);
        Checkpoint checkpoint = Checkpoint.parse(signed.text());
        if (!checkpoint.origin().equals(key.name())) {
            throw new MalformedException("the head is of " + checkpoint.origin() + ", not of " + key.name());
        }
        if (!signed.isSignedBy(key)) {
            throw new MalformedException("the head is not signed by the key");
        }
        return new SignedHead(epoch, key, checkpoint, note);
    }
}
