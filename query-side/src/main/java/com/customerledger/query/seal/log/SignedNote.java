package com.customerledger.query.seal.log;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A text and who signed it (c2sp.org/signed-note). Immutable. */
public final class SignedNote {

    /** How many characters a note may have. */
    public static final int CHARACTERS_MAX = 1_000_000;

    /** How many signatures a note may have. */
    public static final int SIGNATURES_MAX = 100;

    private static final String LINE_BEGIN = "\u2014 ";
    private static final int KEY_ID_BYTES = 4;

    private final String text;
    private final List<Line> lines;

    private static final class Line {

        final String name;
        final int keyId;
        final byte[] signature;

        Line(String name, int keyId, byte[] signature) {
            this.name = name;
            this.keyId = keyId;
            this.signature = signature;
        }

        String written() {
            byte[] bytes = ByteBuffer.allocate(KEY_ID_BYTES + signature.length)
                    .putInt(keyId)
                    .put(signature)
                    .array();
            return LINE_BEGIN + name + " " + Base64Text.of(bytes) + "\n";
        }
    }

    private SignedNote(String text, List<Line> lines) {
        this.text = text;
        this.lines = List.copyOf(lines);
    }

    /**
     * Signs a text.
     *
     * @param text lines, each with its end
     */
    public static SignedNote sign(String text, SigningKey key) {
        if (!text.endsWith("\n") || hasControls(text)) {
            throw new IllegalArgumentException("not a note's text");
        }
        VerifierKey verifier = key.verifierKey();
        return new SignedNote(text, List.of(new Line(verifier.name(), verifier.id(), key.sign(utf8(text)))));
    }

    /** Reads a note. Nothing of it is to be believed before {@link #isSignedBy}. */
    public static SignedNote parse(String note) throws MalformedException {
        if (note.length() > CHARACTERS_MAX) {
            throw new MalformedException("the note is too long");
        }
        if (hasControls(note)) {
            throw new MalformedException("the note has control characters");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(note)) {
            throw new MalformedException("the note is not Unicode text");
        }
        int gap = note.lastIndexOf("\n\n");
        if (gap < 0) {
            throw new MalformedException("the note has no signatures");
        }
        String signatures = note.substring(gap + 2);
        if (!signatures.endsWith("\n")) {
            throw new MalformedException("the note's last line has no end");
        }
        List<Line> lines = new ArrayList<>();
        for (String line : signatures.substring(0, signatures.length() - 1).split("\n", -1)) {
            if (lines.size() == SIGNATURES_MAX) {
                throw new MalformedException("the note has too many signatures");
            }
            lines.add(line(line));
        }
        return new SignedNote(note.substring(0, gap + 1), lines);
    }

    /** Reads a note from its bytes, which must be well-formed UTF-8. */
    public static SignedNote parse(byte[] note) throws MalformedException {
        CharBuffer characters;
        try {
            characters = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(note));
        } catch (CharacterCodingException e) {
            throw new MalformedException("the note is not UTF-8", e);
        }
        return parse(characters.toString());
    }

    private static Line line(String line) throws MalformedException {
        if (!line.startsWith(LINE_BEGIN)) {
            throw new MalformedException("a signature's line does not begin with a dash");
        }
        int end = line.lastIndexOf(' ');
        if (end < LINE_BEGIN.length()) {
            throw new MalformedException("a signature's line has no name");
        }
        String name = line.substring(LINE_BEGIN.length(), end);
        if (!VerifierKey.isName(name)) {
            throw new MalformedException("a signature's name is not a key's name");
        }
        byte[] bytes = Base64Text.read(line.substring(end + 1), "a signature");
        if (bytes.length <= KEY_ID_BYTES) {
            throw new MalformedException("a signature is too short");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int keyId = buffer.getInt();
        byte[] signature = new byte[buffer.remaining()];
        buffer.get(signature);
        return new Line(name, keyId, signature);
    }

    private static boolean hasControls(String text) {
        return text.chars().anyMatch(character -> character < ' ' && character != '\n');
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What was signed. */
    public String text() {
        return text;
    }

    /** Whether it bears a signature of that key, and none in the key's name that the key did not make. */
    public boolean isSignedBy(VerifierKey key) {
        boolean signed = false;
        for (Line line : lines) {
            if (line.keyId == key.id() && line.name.equals(key.name())) {
                if (!key.verifies(utf8(text), line.signature)) {
                    return false;
                }
                signed = true;
            }
        }
        return signed;
    }

    /** The names of those whose signatures it bears, genuine or not. */
    public List<String> names() {
        return lines.stream().map(line -> line.name).toList();
    }

    /** The whole note as it is written. */
    @Override
    public String toString() {
        StringBuilder note = new StringBuilder(text).append('\n');
        lines.forEach(line -> note.append(line.written()));
        return note.toString();
    }
}
