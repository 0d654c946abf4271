package com.customerledger.gateway.commands;

import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.Lookup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds the customers that a ledger lists against the records of a file, field by field: a field that the file leaves
 * out is null, the status is ACTIVE by default, numbers are compared by their text and objects without regard to the
 * order of their members. What only the ledger knows (ids and times) is tested for being there.
 *
 * <p>For one thread; one object for one list.
 */
final class Comparison {

    private static final String STATUS_FIELD = CustomerField.CUSTOMER_STATUS.json();
    private static final JsonTree ACTIVE = new JsonTree.Text(Lookup.ACTIVE.id());
    private static final JsonTree ARCHIVED = new JsonTree.Text(Lookup.ARCHIVED.id());

    /** A record may carry these, and the ledger does not take them from it. */
    private static final Set<String> LEDGERS_OWN = Set.of("id", "created_at", "updated_at", "deleted_at");

    private static final int SHOWN_MAX = 20;
    private static final int VALUE_CHARACTERS_SHOWN = 100;

    private final CustomerIndex file;
    private final BitSet seen = new BitSet();
    private final List<String> shown = new ArrayList<>();
    private long listed;
    private long equal;
    private long different;
    private long repeated;
    private long others;

    Comparison(CustomerIndex file) {
        this.file = file;
    }

    /** Takes the next customer of the list. */
    void take(JsonTree.Members customer) throws IOException {
        listed++;
        if (!(customer.get(CustomerField.REFERENCE.json()) instanceof JsonTree.Text reference)) {
            different++;
            show("A customer without a reference: " + customer);
            return;
        }
        CustomerIndex.Place place = file.find(reference.value());
        if (place == null) {
            others++;
        } else if (seen.get(place.ordinal())) {
            repeated++;
            show(where(reference.value(), place) + ": listed again");
        } else {
            seen.set(place.ordinal());
            List<String> differences = differences(file.read(place), customer);
            if (differences.isEmpty()) {
                equal++;
            } else {
                different++;
                for (String difference : differences) {
                    show(where(reference.value(), place) + ": " + difference);
                }
            }
        }
    }

    private List<String> differences(JsonTree.Members sent, JsonTree.Members listed) {
        List<String> differences = new ArrayList<>();
        Set<String> fields = new LinkedHashSet<>();
        CustomerField.all().forEach(field -> fields.add(field.json()));
        fields.addAll(sent.values().keySet());
        fields.addAll(listed.values().keySet());
        fields.removeAll(LEDGERS_OWN);
        for (String field : fields) {
            JsonTree expected = sent.get(field);
            if (field.equals(STATUS_FIELD) && expected.equals(JsonTree.NOTHING)) {
                expected = ACTIVE;
            }
            String difference = difference(field, expected, listed.get(field));
            if (difference != null) {
                differences.add(difference);
            } else if (!listed.values().containsKey(field)) {
                differences.add(field + " is not in the ledger's record");
            }
        }
        if (!(listed.get("id") instanceof JsonTree.Text id) || !id.value().startsWith("cus_")) {
            differences.add("id is " + abbreviated(listed.get("id")));
        }
        if (!(listed.get("created_at") instanceof JsonTree.Text)) {
            differences.add("created_at is " + abbreviated(listed.get("created_at")));
        }
        if (listed.get(STATUS_FIELD).equals(ARCHIVED)
                == listed.get("deleted_at").equals(JsonTree.NOTHING)) {
            differences.add("deleted_at does not fit the status: " + abbreviated(listed.get("deleted_at")));
        }
        return differences;
    }

    /** The first place below {@code path} where the two differ; null where they don't. */
    private static @Nullable String difference(String path, JsonTree expected, JsonTree actual) {
        if (expected.equals(actual)) {
            return null;
        }
        if (expected instanceof JsonTree.Members a
                && actual instanceof JsonTree.Members b
                && a.values().keySet().equals(b.values().keySet())) {
            for (Map.Entry<String, JsonTree> member : a.values().entrySet()) {
                String difference = difference(path + "." + member.getKey(), member.getValue(), b.get(member.getKey()));
                if (difference != null) {
                    return difference;
                }
            }
        }
        if (expected instanceof JsonTree.Items a
                && actual instanceof JsonTree.Items b
                && a.values().size() == b.values().size()) {
            for (int i = 0; i < a.values().size(); i++) {
                String difference = difference(
                        path + "[" + i + "]", a.values().get(i), b.values().get(i));
                if (difference != null) {
                    return difference;
                }
            }
        }
        return path + " is " + abbreviated(expected) + " in the file and " + abbreviated(actual) + " in the ledger";
    }

    private static String abbreviated(JsonTree value) {
        String text = value.toString();
        return text.length() <= VALUE_CHARACTERS_SHOWN ? text : text.substring(0, VALUE_CHARACTERS_SHOWN) + "...";
    }

    private static String where(String reference, CustomerIndex.Place place) {
        return "Line " + place.line() + ", " + reference;
    }

    private void show(String difference) {
        if (shown.size() < SHOWN_MAX) {
            shown.add(difference);
        }
    }

    long listed() {
        return listed;
    }

    long equal() {
        return equal;
    }

    long different() {
        return different;
    }

    /** How often a customer of the file was listed again. */
    long repeated() {
        return repeated;
    }

    /** Listed customers that are not in the file. */
    long others() {
        return others;
    }

    /** Customers of the file that were not listed. */
    long missing() {
        return file.size() - (long) seen.cardinality();
    }

    boolean agrees() {
        return different == 0 && repeated == 0 && missing() == 0;
    }

    /** The first differences, each a line for a person; then the first missing customers. */
    List<String> shown() {
        List<String> lines = new ArrayList<>(shown);
        file.places().entrySet().stream()
                .filter(entry -> !seen.get(entry.getValue().ordinal()))
                .sorted(Comparator.comparingLong(entry -> entry.getValue().line()))
                .limit(SHOWN_MAX)
                .forEach(entry -> lines.add(where(entry.getKey(), entry.getValue()) + ": not listed"));
        return lines;
    }
}
