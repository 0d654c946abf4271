package com.customerledger.query.view;

import java.time.ZoneId;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One filling of a view's tables.
 *
 * @param id the generation's own number, unique among all views
 * @param view the view's name
 * @param number the generation's number within its view, the suffix of its tables
 * @param revision the view's revision that filled it
 * @param zone the zone of the times in its rows
 * @param state whether it answers queries
 */
public record Generation(int id, String view, int number, int revision, ZoneId zone, State state) {

    /** What a generation is there for. */
    public enum State {
        /** It is being filled, and answers no queries yet. */
        BUILDING,
        /** It answers queries. */
        LIVE,
        /** It was live, and still follows the events, so that it can be live again at once. */
        FORMER,
        /** Nothing reads it any more and its tables are to be dropped. */
        RETIRED
    }

    /** The number of a generation in temporary tables, which one session sees until its transaction ends. */
    static final int SCRATCH = 0;

    private static final String SUFFIX = "_N";

    private static final Pattern TABLE = Pattern.compile("CREATE TABLE ((?:views|pg_temp)\\.\\w+)");

    /** The SQL with this generation's number in the names that begin with its view's name and end in {@code _N}. */
    public String sql(String template) {
        return sql(template, view, number);
    }

    // By hand: a regular expression for it took 4 % of what a short read takes the processor.
    static String sql(String template, String view, int number) {
        StringBuilder sql = new StringBuilder(template.length());
        int copied = 0;
        for (int end = template.indexOf(SUFFIX); end >= 0; end = template.indexOf(SUFFIX, end + 1)) {
            int next = end + SUFFIX.length();
            if (isOf(view, template, end) && (next == template.length() || !isWord(template.charAt(next)))) {
                sql.append(template, copied, end).append('_').append(number);
                copied = next;
            }
        }
        String numbered = sql.append(template, copied, template.length()).toString();
        return number == SCRATCH ? numbered.replace("views." + view + "_", "pg_temp." + view + "_") : numbered;
    }

    /** Whether the word that ends there is the view's name, alone or with small letters and more underscores behind one. */
    private static boolean isOf(String view, String template, int end) {
        int begin = end;
        while (begin > 0 && isWord(template.charAt(begin - 1))) {
            begin--;
        }
        int rest = begin + view.length();
        if (rest == end) {
            return template.startsWith(view, begin);
        }
        return rest + 1 < end
                && template.startsWith(view + "_", begin)
                && template.substring(rest, end).chars().allMatch(c -> c == '_' || (c >= 'a' && c <= 'z'));
    }

    private static boolean isWord(char c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /** The generation's tables, in the order in which its view's SQL makes them. */
    List<String> tables(String template) {
        return tablesMadeBy(sql(template));
    }

    static List<String> tablesMadeBy(String sql) {
        return TABLE.matcher(sql).results().map(found -> found.group(1)).toList();
    }

    @Override
    public String toString() {
        return view + " generation " + number;
    }
}
