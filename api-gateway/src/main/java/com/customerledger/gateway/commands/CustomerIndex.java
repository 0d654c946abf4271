package com.customerledger.gateway.commands;

import com.customerledger.events.customer.CustomerField;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Where each customer of a file stands, by reference. Memory grows with the references; the records stay in the file.
 *
 * <p>For one thread.
 */
final class CustomerIndex {

    /** @param ordinal counts the file's records from 0 */
    record Place(int ordinal, long line, long offset, int length) {}

    private final JsonLines file;
    private final Map<String, Place> places = new HashMap<>();

    private CustomerIndex(JsonLines file) {
        this.file = file;
    }

    /**
     * Reads the file once.
     *
     * @param progress told how many records were read
     * @throws CommandFailure when a line is not a record with a reference of its own
     */
    static CustomerIndex of(JsonLines file, LongConsumer progress) throws IOException {
        CustomerIndex index = new CustomerIndex(file);
        file.forEach(line -> {
            index.add(line);
            progress.accept(index.size());
            return true;
        });
        return index;
    }

    private void add(JsonLines.Line line) {
        if (!(record(line).get(CustomerField.REFERENCE.json()) instanceof JsonTree.Text reference)) {
            throw new CommandFailure("Line " + line.number() + " has no reference");
        }
        Place earlier = places.putIfAbsent(
                reference.value(), new Place(places.size(), line.number(), line.offset(), line.bytes().length));
        if (earlier != null) {
            throw new CommandFailure("Line " + line.number() + " has the same reference as line " + earlier.line());
        }
    }

    int size() {
        return places.size();
    }

    @Nullable Place find(String reference) {
        return places.get(reference);
    }

    /** By reference, in no order. */
    Map<String, Place> places() {
        return places;
    }

    /** The record as it stands in the file. */
    JsonTree.Members read(Place place) throws IOException {
        return record(file.reread(place.line(), place.offset(), place.length()));
    }

    private static JsonTree.Members record(JsonLines.Line line) {
        try {
            return line.parse();
        } catch (JsonTree.Malformed e) {
            throw new CommandFailure("Line " + line.number() + " " + e.getMessage(), e);
        }
    }
}
