package com.customerledger.query.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.command.database.embedded.DatabaseAccess;
import com.customerledger.command.database.embedded.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JoinedTextsTest {

    @Test
    void theServerTakesEachTextAsItWas() throws SQLException {
        List<String> texts = List.of("plain", "", "Crème brûlée", "数据", "😀\"\\\n", "x".repeat(100_000), "end");
        JoinedTexts joined = new JoinedTexts(texts.size());
        for (String text : texts) {
            joined.add(text.getBytes(StandardCharsets.UTF_8));
        }
        String sql = "SELECT " + JoinedTexts.sql("part.begins", "part.bytes")
                + " FROM unnest(?::integer[], ?::integer[]) AS part (begins, bytes)";

        DatabaseAccess access = TestPostgres.newDatabase();
        List<String> read = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(
                        access.jdbcUrl(),
                        access.application().user(),
                        access.application().password());
                PreparedStatement statement = connection.prepareStatement(sql)) {
            Parameters.set(statement, 1, joined.bytes(), joined.begins(), joined.lengths());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    read.add(rows.getString(1));
                }
            }
        }

        assertThat(read).isEqualTo(texts);
    }
}
