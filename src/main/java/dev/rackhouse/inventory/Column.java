package dev.rackhouse.inventory;

import dev.rackhouse.base.ByteSize;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One column of a {@link Kind}: how it is read from what was seen, and how a difference is told.
 *
 * @param told the word of the change row ("memory"); empty: a difference is written but not told
 * @param nullIsUnknown a missing value means "not told by this source": what is stored stays
 * @param tolerance a number that differs by no more than this share counts as equal; 0: exact
 * @param text a value as the change row shows it
 */
record Column<R>(
        String name,
        Class<?> type,
        Function<R, @Nullable Object> value,
        String told,
        boolean nullIsUnknown,
        double tolerance,
        Function<Object, String> text) {

    static <R> Column<R> text(String name, String told, Function<R, @Nullable String> value) {
        return new Column<>(name, String.class, value::apply, told, false, 0, Object::toString);
    }

    static <R> Column<R> number(String name, String told, Function<R, @Nullable Long> value) {
        return new Column<>(name, Long.class, value::apply, told, false, 0, Object::toString);
    }

    static <R> Column<R> size(String name, String told, Function<R, @Nullable Long> bytes) {
        return new Column<>(
                name, Long.class, bytes::apply, told, false, 0, v -> new ByteSize(Math.max(0, (Long) v)).toString());
    }

    static <R> Column<R> flag(String name, String told, Function<R, @Nullable Boolean> value) {
        return new Column<>(
                name, Boolean.class, value::apply, told, false, 0, v -> Boolean.TRUE.equals(v) ? "yes" : "no");
    }

    /** The same column of a source that may not know the value: what is stored stays. */
    Column<R> ifKnown() {
        return new Column<>(name, type, value, told, true, tolerance, text);
    }

    /** The same column for a number that sways by itself, such as the size of a ZFS dataset: one percent is no difference. */
    Column<R> roughly() {
        return new Column<>(name, type, value, told, nullIsUnknown, 0.01, text);
    }

    boolean close(@Nullable Object before, @Nullable Object after) {
        return tolerance > 0
                && before instanceof Long a
                && after instanceof Long b
                && Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
    }

    /** The value as PostgreSQL can store it: the character NUL is not storable. */
    @Nullable
    Object of(R row) {
        Object raw = value.apply(row);
        return raw instanceof String s && s.indexOf('\0') >= 0 ? s.replace("\0", "\uFFFD") : raw;
    }
}
