package com.customerledger.query.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.query.Corpus;
import com.customerledger.query.TestNode;
import com.customerledger.query.TestStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A view that is made by other SQL, or makes other rows of the same events, has another revision. */
class RevisionsTest {

    private static final String FILE = "views.txt";

    /** The views of the program, not those of its tests. */
    static List<View> views() {
        return FoundViews.all().stream()
                .filter(view -> !view.getClass()
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath()
                        .contains("test-classes"))
                .toList();
    }

    /** By name and revision, what a view makes of the fixed events. */
    private static Map<String, String> actual() throws Exception {
        TestStore store = new TestStore();
        Corpus.store(store);
        Map<String, String> digests = new TreeMap<>();
        for (View view : views()) {
            digests.put(view.name() + " " + view.revision(), digest(store, view));
        }
        return digests;
    }

    private static String digest(TestStore store, View view) throws SQLException, NoSuchAlgorithmException {
        StringBuilder all = new StringBuilder(view.tables());
        // The seal's tables are fixed ones, and its format has tests of its own.
        if (!view.isForEver()) {
            try (Connection connection = store.connect()) {
                connection.setAutoCommit(false);
                Scratch.fill(connection, view, TestNode.ZONE, null, events -> {})
                        .tables()
                        .forEach((table, contents) -> all.append(table).append(contents));
                connection.rollback();
            }
        }
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(all.toString().getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash, 0, 16);
    }

    private static Map<String, String> expected() throws IOException {
        Map<String, String> digests = new TreeMap<>();
        try (InputStream file = Objects.requireNonNull(RevisionsTest.class.getResourceAsStream("/" + FILE))) {
            new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(line -> digests.put(
                            line.substring(0, line.lastIndexOf(' ')), line.substring(line.lastIndexOf(' ') + 1)));
        }
        return digests;
    }

    @Test
    void whatAViewMakesOfTheSameEventsChangesWithItsRevisionOnly() throws Exception {
        Map<String, String> actual = actual();
        Map<String, String> expected = expected();

        List<String> changed = new ArrayList<>();
        actual.forEach((view, digest) -> {
            if (!digest.equals(expected.get(view))) {
                changed.add(view + " " + digest);
            }
        });
        assertThat(changed).as("""
                These views have other SQL, or write other rows, than %1$s says.
                Ledgers have generations of that revision with the old rows. Leave the class as it is and add one with the next
                revision (docs/writing-a-view.md), with a line of its own in %1$s. A line is only replaced while no ledger
                outside of tests has filled that revision, or when the corpus itself grew; this is what they would be.
                """, FILE).isEmpty();
        assertThat(actual.keySet())
                .as("the views in %s: take a line out with its class", FILE)
                .isEqualTo(expected.keySet());
    }
}
