package com.customerledger.query.database;

import java.io.ByteArrayOutputStream;

/**
 * Long texts for the rows of a statement as one value, with the place of each in it. Of an array of them the server makes a
 * value for each, and copies it with every row that it joins; of one value it copies what is asked for, once. Not
 * thread-safe.
 */
public final class JoinedTexts {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final int[] begins;
    private final int[] lengths;
    private int count;

    /**
     * @param count how many texts will be added
     */
    public JoinedTexts(int count) {
        this.begins = new int[count];
        this.lengths = new int[count];
    }

    /**
     * What gives a text in SQL, with one parameter, for the {@link #bytes}.
     *
     * @param begin an expression for where it begins, of {@link #begins}
     * @param length an expression for how long it is, of {@link #lengths}
     */
    public static String sql(String begin, String length) {
        return "convert_from(substring(?::bytea FROM %s FOR %s), 'UTF8')".formatted(begin, length);
    }

    /**
     * Adds the next text.
     *
     * @param utf8 in UTF-8
     */
    public void add(byte[] utf8) {
        begins[count] = bytes.size() + 1;
        lengths[count] = utf8.length;
        count++;
        bytes.writeBytes(utf8);
    }

    /** All texts, a {@code bytea}. */
    public byte[] bytes() {
        return bytes.toByteArray();
    }

    /** Where each of them begins, in bytes, from one on. */
    public int[] begins() {
        return begins;
    }

    /** How long each of them is, in bytes. */
    public int[] lengths() {
        return lengths;
    }
}
