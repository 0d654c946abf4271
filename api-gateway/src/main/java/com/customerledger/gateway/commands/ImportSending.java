package com.customerledger.gateway.commands;

import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.json.Json;
import java.io.IOException;
import java.io.InputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Sends a batch until the ledger has answered, and keeps the journal. Safe for several threads. */
final class ImportSending implements ImportRun.Sending {

    private static final String CREATE = "/customers/create";
    private static final String TAKEN = "taken";
    private static final int CONFLICT = 409;

    private final LedgerClient client;
    private final Retries retries;
    private final ImportJournal journal;
    private final Progress progress;

    ImportSending(LedgerClient client, Retries retries, ImportJournal journal, Progress progress) {
        this.client = client;
        this.retries = retries;
        this.journal = journal;
        this.progress = progress;
    }

    @Override
    public boolean send(ImportBatch batch) {
        boolean wasSentBefore = batch.earlier() != null;
        if (!wasSentBefore) {
            journal.sent(batch);
        }
        int[] attempts = {0};
        try {
            LedgerClient.Answer<Integer> answer = retries.call(progress::say, () -> {
                attempts[0]++;
                return client.post(CREATE, batch.body(), "import-" + batch.key(), ImportSending::results);
            });
            if (answer.body() != batch.records()) {
                throw new CommandFailure(
                        "The ledger answered " + answer.body() + " results for " + batch.records() + " records");
            }
            journal.stored(batch);
            // After a lost answer of this import it is most likely its own that is given again.
            return (attempts[0] == 1 || wasSentBefore)
                    && answer.headers().firstValue("Idempotent-Replayed").isPresent();
        } catch (Refused e) {
            if (wasSentBefore && isAllTaken(e, batch)) {
                progress.say(
                        "Lines " + batch.range() + " were sent by an earlier import that had no answer; the ledger has"
                                + " every reference of them, so they are stored");
                journal.stored(batch);
                return true;
            }
            // An attempt without an answer may have been carried out after all.
            if (!wasSentBefore && attempts[0] == 1 && e.status() / 100 == 4) {
                journal.refused(batch);
            }
            throw e;
        }
    }

    /**
     * Whether a batch is refused for nothing but that every reference in it is taken. A batch is stored whole or not at all,
     * so for one that was sent before it means that it was stored, and that the ledger has forgotten its key since.
     */
    private static boolean isAllTaken(Refused refused, ImportBatch batch) {
        return refused.status() == CONFLICT
                && refused.faults().size() == batch.records()
                && refused.faults().stream()
                        .allMatch(fault -> fault.field().equals(CustomerField.REFERENCE.json())
                                && fault.rule().equals(TAKEN));
    }

    /** How many records an answer holds; it is read to its end, and nothing of it kept. */
    private static int results(InputStream body) throws IOException {
        int results = -1;
        boolean isSuccess = false;
        try (JsonParser parser = Json.stored(body)) {
            boolean isObject = parser.nextToken() == JsonToken.START_OBJECT;
            while (isObject && parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals("status")) {
                    isSuccess = value == JsonToken.VALUE_TRUE;
                }
                if (name.equals("results") && value == JsonToken.START_ARRAY) {
                    results = 0;
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        results++;
                        parser.skipChildren();
                    }
                } else {
                    parser.skipChildren();
                }
            }
            if (!isObject || !isSuccess || results < 0 || parser.nextToken() != null) {
                throw new CommandFailure("The ledger's answer holds no results");
            }
            return results;
        } catch (JacksonException e) {
            throw JsonTree.brokenOff(e);
        }
    }
}
