package com.customerledger.gateway.commands;

import com.customerledger.events.json.Json;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads an answer of {@code GET /customers/list}, a record at a time, in memory that does not grow with its length. */
final class CustomerPages {

    private CustomerPages() {}

    interface CustomerReader {
        void take(JsonTree.Members customer) throws IOException;
    }

    /**
     * Hands on every record in order.
     *
     * @return the cursor of the next page, null when there is none
     * @throws IOException when the answer ends before it is whole
     * @throws CommandFailure when it is not such an answer
     */
    static @Nullable String read(InputStream body, CustomerReader reader) throws IOException {
        try (JsonParser parser = Json.parser(body)) {
            String cursor = null;
            boolean success = false;
            boolean results = false;
            expect(parser.nextToken(), JsonToken.START_OBJECT);
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "status" -> success = parser.currentToken() == JsonToken.VALUE_TRUE;
                    case "results" -> {
                        results = true;
                        expect(parser.currentToken(), JsonToken.START_ARRAY);
                        while (parser.nextToken() != JsonToken.END_ARRAY) {
                            expect(parser.currentToken(), JsonToken.START_OBJECT);
                            reader.take((JsonTree.Members) JsonTree.read(parser));
                        }
                    }
                    case "next_cursor" ->
                        cursor = JsonTree.read(parser) instanceof JsonTree.Text text ? text.value() : null;
                    default -> parser.skipChildren();
                }
            }
            if (!success || !results) {
                throw new CommandFailure("The ledger's answer holds no list");
            }
            expect(parser.nextToken(), null);
            return cursor;
        } catch (JacksonException e) {
            throw JsonTree.brokenOff(e);
        }
    }

    private static void expect(@Nullable JsonToken actual, @Nullable JsonToken expected) throws IOException {
        if (actual == expected) {
            return;
        }
        if (actual == null) {
            throw new IOException("the answer was cut off");
        }
        throw new CommandFailure("The ledger's answer holds " + actual + " where a list has "
                + (expected == null ? "nothing more" : expected));
    }
}
