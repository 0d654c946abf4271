package com.customerledger.query.seal.log;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A tree head as the text of a signed note (c2sp.org/tlog-checkpoint): the log's name, the tree's size and its root,
 * a line each. Immutable.
 */
public final class Checkpoint {

    private static final Pattern SIZE = Pattern.compile("0|[1-9][0-9]{0,18}");
    private static final int LINES_MIN = 3;

    private final String origin;
    private final long size;
    private final byte[] root;
    private final List<String> extensions;

    /** A head without further lines. */
    public Checkpoint(String origin, long size, byte[] root) {
        this(origin, size, root, List.of());
    }

    private Checkpoint(String origin, long size, byte[] root, List<String> extensions) {
        if (origin.isEmpty() || origin.indexOf('\n') >= 0 || size < 0 || root.length != TreeHash.LENGTH) {
            throw new IllegalArgumentException("not a tree head");
        }
        this.origin = origin;
        this.size = size;
        this.root = root.clone();
        this.extensions = extensions;
    }

    /** Reads a note's text. */
    public static Checkpoint parse(String text) throws MalformedException {
        if (!text.endsWith("\n")) {
            throw new MalformedException("the checkpoint's last line has no end");
        }
        List<String> lines = Arrays.asList(text.substring(0, text.length() - 1).split("\n", -1));
        if (lines.size() < LINES_MIN) {
            throw new MalformedException("the checkpoint has fewer than three lines");
        }
        if (lines.contains("")) {
            throw new MalformedException("the checkpoint has an empty line");
        }
        String size = lines.get(1);
        if (!SIZE.matcher(size).matches()) {
            throw new MalformedException("the checkpoint's size is not a number");
        }
        byte[] root = Base64Text.read(lines.get(2), "the checkpoint's root");
        if (root.length != TreeHash.LENGTH) {
            throw new MalformedException("the checkpoint's root has not 32 bytes");
        }
        try {
            return new Checkpoint(
                    lines.get(0), Long.parseLong(size), root, List.copyOf(lines.subList(LINES_MIN, lines.size())));
        } catch (NumberFormatException e) {
            throw new MalformedException("the checkpoint's size is too large", e);
        }
    }

    /** The name of the log. */
    public String origin() {
        return origin;
    }

    /** How many leaves the tree has. */
    public long size() {
        return size;
    }

    /** The tree's root. */
    public byte[] root() {
        return root.clone();
    }

    /** Lines behind the root; ours have none. */
    public List<String> extensions() {
        return extensions;
    }

    /** The text to be signed. */
    public String text() {
        StringBuilder text = new StringBuilder(origin)
                .append('\n')
                .append(size)
                .append('\n')
                .append(Base64Text.of(root))
                .append('\n');
        for (String extension : extensions) {
            text.append(extension).append('\n');
        }
        return text.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Checkpoint that && that.text().equals(text());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(root);
    }

    @Override
    public String toString() {
        return origin + " at " + size;
    }
}
