package com.customerledger.benchmarks.system;

import java.nio.charset.StandardCharsets;

/** Counts how often a word is in a stream of bytes, however the stream is cut. For one thread. */
final class Occurrences implements Wire.Sink {

    private final byte[] word;
    /** For each part of the word, how much of its end is the word's beginning too (Knuth, Morris and Pratt). */
    private final int[] again;

    private int matched;
    private long count;

    Occurrences(String word) {
        this.word = word.getBytes(StandardCharsets.UTF_8);
        again = new int[this.word.length];
        for (int i = 1, length = 0; i < this.word.length; i++) {
            while (length > 0 && this.word[i] != this.word[length]) {
                length = again[length - 1];
            }
            if (this.word[i] == this.word[length]) {
                length++;
            }
            again[i] = length;
        }
    }

    @Override
    public void take(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            while (matched > 0 && bytes[i] != word[matched]) {
                matched = again[matched - 1];
            }
            if (bytes[i] == word[matched]) {
                matched++;
            }
            if (matched == word.length) {
                count++;
                matched = again[matched - 1];
            }
        }
    }

    /** How often it was there so far. */
    long count() {
        return count;
    }
}
