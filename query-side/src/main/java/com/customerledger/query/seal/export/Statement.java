package com.customerledger.query.seal.export;

import com.customerledger.query.seal.log.Checkpoint;
import com.customerledger.query.seal.log.MalformedException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the ledger's key signs at the end of an export, so that a part of it can't pass for the whole: the text of a signed
 * note, a value a line, the head's own three lines last.
 *
 * @param merchantId whose events
 * @param first the number of the first event
 * @param last the number of the last event
 * @param newest the merchant's last number under the head
 * @param epoch the epoch of the head
 * @param sha256 the hash of every byte of the export before the statement's line, in hexadecimal digits
 * @param head the head that every proof leads to
 */
record Statement(String merchantId, long first, long last, long newest, int epoch, String sha256, Checkpoint head) {

    // A checkpoint's second line is a number, so this can't be taken for one.
    private static final List<String> BEGINS = List.of(
            "customer-ledger-export-statement/1", "merchant ", "first ", "last ", "newest ", "epoch ", "sha256 ");

    String text() {
        List<Object> values = List.of("", merchantId, first, last, newest, epoch, sha256);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < BEGINS.size(); i++) {
            text.append(BEGINS.get(i)).append(values.get(i)).append('\n');
        }
        return text.append(head.text()).toString();
    }

    /** The statement that a note's text is. */
    static Statement of(String text) throws BrokenException {
        List<String> values = new ArrayList<>();
        int at = 0;
        for (String begin : BEGINS) {
            int end = text.indexOf('\n', at);
            if (end < 0 || !text.startsWith(begin, at) || at + begin.length() > end) {
                throw new BrokenException("the statement lacks its line " + (values.size() + 1));
            }
            values.add(text.substring(at + begin.length(), end));
            at = end + 1;
        }
        Statement statement;
        try {
            statement = new Statement(
                    values.get(1),
                    Long.parseLong(values.get(2)),
                    Long.parseLong(values.get(3)),
                    Long.parseLong(values.get(4)),
                    Integer.parseInt(values.get(5)),
                    values.get(6),
                    Checkpoint.parse(text.substring(at)));
        } catch (MalformedException | NumberFormatException e) {
            throw new BrokenException("the statement can't be read", e);
        }
        if (!statement.text().equals(text)) {
            throw new BrokenException("the statement is not written as an export writes it");
        }
        return statement;
    }
}
