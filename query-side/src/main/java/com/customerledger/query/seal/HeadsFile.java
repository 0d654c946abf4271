package com.customerledger.query.seal;

import com.customerledger.query.seal.log.MalformedException;
import com.customerledger.query.seal.log.SignedNote;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The heads that this node has signed, outside the database: signed notes one behind the other, an empty line behind each.
 * Whoever can write to the database only can't take them back. A note that was not written to its end does not count, and
 * goes with the next one that is appended. For one thread.
 */
final class HeadsFile {

    private static final String END = "\n\n";

    // A dash in UTF-8, byte by byte.
    private static final String SIGNATURE = "\u00e2\u0080\u0094 ";

    /** More than any note of ours has. */
    private static final int NOTE_BYTES_MAX = 8 << 10;

    private final Path file;

    HeadsFile(Path file) {
        this.file = file.toAbsolutePath();
    }

    Path path() {
        return file;
    }

    /** Appends a note; when this returns it survives a power cut. */
    void append(String note) throws IOException {
        try (FileChannel out = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            out.position(wholeBytes(out));
            out.truncate(out.position());
            ByteBuffer bytes = ByteBuffer.wrap((note + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
    }

    /**
     * The note that was appended last, or null where there is none.
     *
     * @throws SealException when the file's end is no note
     */
    @Nullable SignedNote newest() throws IOException {
        if (Files.notExists(file)) {
            return null;
        }
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            long end = wholeBytes(in);
            if (end == 0) {
                return null;
            }
            long begin = Math.max(0, end - NOTE_BYTES_MAX);
            String tail = read(in, begin, end);
            int signatures = tail.lastIndexOf(END, tail.length() - END.length() - 1);
            int text = tail.lastIndexOf(END, signatures - 1);
            if (signatures < 0 || (text < 0 && begin > 0)) {
                throw new SealException(file + " does not end in a signed note");
            }
            return parse(tail.substring(text < 0 ? 0 : text + END.length(), tail.length() - 1));
        }
    }

    /**
     * Every note of a file of such notes, or of a single note.
     *
     * @throws SealException when something in it is no note
     */
    static List<SignedNote> all(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        List<SignedNote> notes = new ArrayList<>();
        int begin = 0;
        while (begin < text.length()) {
            int signatures = text.indexOf(END, begin);
            if (signatures < 0) {
                break;
            }
            int end = text.indexOf(END, signatures + END.length());
            if (end < 0) {
                // The last one: whole without an empty line behind it, or torn.
                if (!text.endsWith("\n") || text.length() == signatures + END.length()) {
                    break;
                }
                end = text.length() - 1;
            }
            notes.add(parse(text.substring(begin, end + 1)));
            begin = end + END.length();
        }
        return notes;
    }

    private static SignedNote parse(String bytes) {
        try {
            return SignedNote.parse(bytes.getBytes(StandardCharsets.ISO_8859_1));
        } catch (MalformedException e) {
            throw new SealException("not a signed note: " + e.getMessage(), e);
        }
    }

    /** Where the last whole note ends. */
    private static long wholeBytes(FileChannel in) throws IOException {
        long size = in.size();
        long begin = Math.max(0, size - NOTE_BYTES_MAX);
        String tail = read(in, begin, size);
        int end = tail.length();
        while (true) {
            end = tail.lastIndexOf(END, end - 1);
            if (end < 0) {
                return 0;
            }
            // The empty line within a note has the signatures behind it.
            int before = tail.lastIndexOf('\n', end - 1);
            if (tail.startsWith(SIGNATURE, before + 1)) {
                return begin + end + END.length();
            }
        }
    }

    /** The bytes, a character each. */
    private static String read(FileChannel in, long begin, long end) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) (end - begin));
        int read = 0;
        while (bytes.hasRemaining() && read >= 0) {
            read = in.read(bytes, begin + bytes.position());
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
    }
}
