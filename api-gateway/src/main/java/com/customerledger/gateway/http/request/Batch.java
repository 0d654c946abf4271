package com.customerledger.gateway.http.request;

import com.customerledger.events.json.Json;
import com.customerledger.events.refusal.ErrorCode;
import com.customerledger.events.refusal.Fault;
import com.customerledger.events.refusal.Refusal;
import com.customerledger.events.refusal.RefusedException;
import com.customerledger.gateway.http.errors.ErrorAnswer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The records of a request's body, with their text as it was sent.
 *
 * @param <R> what a record is read as
 */
public final class Batch<R> {

    private static final int FIRST_RECORDS = 16;

    private final String text;
    private final List<R> records = new ArrayList<>(FIRST_RECORDS);
    /** Where each record begins and ends in the text, two places for each. */
    private int[] places = new int[2 * FIRST_RECORDS];

    private Batch(String text) {
        this.text = text;
    }

    /**
     * Reads a body: a JSON object with the member {@code records} and no other.
     *
     * @param recordsMax how many records it may have
     * @throws RefusedException when the body's layout is another, or it has another member
     */
    public static <R> Batch<R> read(String text, int recordsMax, RecordReader<R> reader) {
        Batch<R> batch = new Batch<>(text);
        boolean stranger;
        try (JsonParser parser = Json.parser(text)) {
            stranger = batch.readBody(parser, recordsMax, reader);
        } catch (JacksonException malformed) {
            throw layout("The body is not JSON, or has a member twice, or is nested too deeply");
        }
        if (batch.records.isEmpty()) {
            throw layout("The body must have a member \"records\", an array of at least one record");
        }
        if (stranger) {
            throw new RefusedException(
                    Refusal.of(ErrorCode.PARAMETER, "The body must have no member beside \"records\""));
        }
        return batch;
    }

    /** Reads to the end, so that a broken layout is told before anything else; says whether there are other members. */
    private boolean readBody(JsonParser parser, int recordsMax, RecordReader<R> reader) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw layout("The body must be a JSON object");
        }
        boolean stranger = false;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            boolean known = parser.currentName().equals("records");
            JsonToken value = parser.nextToken();
            if (!known) {
                stranger = true;
                parser.skipChildren();
            } else if (value == JsonToken.START_ARRAY) {
                readRecords(parser, recordsMax, reader);
            } else {
                throw layout("\"records\" must be an array");
            }
        }
        if (parser.nextToken() != null) {
            throw layout("The body must end after its JSON object");
        }
        return stranger;
    }

    private void readRecords(JsonParser parser, int recordsMax, RecordReader<R> reader) {
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            int count = records.size();
            if (count == recordsMax) {
                throw layout("\"records\" must have at most " + recordsMax + " records");
            }
            if (places.length < 2 * count + 2) {
                places = Arrays.copyOf(places, 4 * count);
            }
            places[2 * count] = (int) parser.currentTokenLocation().getCharOffset();
            if (token == JsonToken.START_OBJECT) {
                records.add(reader.read(parser, text));
            } else {
                parser.skipChildren();
                parser.finishToken();
                records.add(reader.faulty(
                        List.of(new Fault(ErrorCode.PARAMETER, "records", "type", "each record must be an object"))));
            }
            places[2 * count + 1] = (int) parser.currentLocation().getCharOffset();
        }
    }

    /** The records in the order of the request. */
    public List<R> records() {
        return records;
    }

    /** The record at that index as it was sent. */
    public String text(int index) {
        return text.substring(places[2 * index], places[2 * index + 1]);
    }

    /** The answer to the request when it is refused. */
    public ErrorAnswer answer(Refusal refusal) {
        return ErrorAnswer.of(refusal, this::text);
    }

    private static RefusedException layout(String message) {
        return new RefusedException(Refusal.of(ErrorCode.LAYOUT, message));
    }
}
