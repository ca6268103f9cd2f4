package dev.rackhouse.inventory;

import dev.rackhouse.base.ByteSize;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads columns that may be empty. */
final class Columns {

    private Columns() {}

    static @Nullable Long number(ResultSet rs, String column) throws SQLException {
        long value = rs.getLong(column);
        return rs.wasNull() ? null : value;
    }

    static @Nullable Integer whole(ResultSet rs, String column) throws SQLException {
        int value = rs.getInt(column);
        return rs.wasNull() ? null : value;
    }

    static @Nullable Double real(ResultSet rs, String column) throws SQLException {
        double value = rs.getDouble(column);
        return rs.wasNull() ? null : value;
    }

    static @Nullable Boolean flag(ResultSet rs, String column) throws SQLException {
        boolean value = rs.getBoolean(column);
        return rs.wasNull() ? null : value;
    }

    static @Nullable ByteSize size(ResultSet rs, String column) throws SQLException {
        Long value = number(rs, column);
        return value == null || value < 0 ? null : new ByteSize(value);
    }

    static @Nullable Duration seconds(ResultSet rs, String column) throws SQLException {
        Long value = number(rs, column);
        return value == null ? null : Duration.ofSeconds(value);
    }

    /** Words separated by one of these. */
    static List<String> words(@Nullable String text, String separators) {
        return text == null
                ? List.of()
                : Arrays.stream(text.split("[" + separators + "]+"))
                        .filter(w -> !w.isEmpty())
                        .toList();
    }

    /** A pattern for {@code ilike} that finds the text anywhere; what means something to SQL is taken as it stands. */
    static String anywhere(String text) {
        return "%"
                + text.replace("\\", "\\\\")
                        .replace("%", "\\%")
                        .replace("_", "\\_")
                        .replace("\0", "") + "%";
    }
}
