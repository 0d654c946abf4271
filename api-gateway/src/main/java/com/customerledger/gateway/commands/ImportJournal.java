package com.customerledger.gateway.commands;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which batches of a file were sent to a ledger, and which of them it has stored: a file of text lines beside the one that
 * is imported, there for as long as the import is not complete. An import that is repeated reads in it what need not be
 * sent again, however long ago it broke off; the ledger itself forgets idempotency keys after a day.
 *
 * <p>A batch is written down before it is sent, so that one whose answer was lost is known too. The lines are with the
 * system at once and on the disk a second later at the most: what a loss of power takes, the idempotency keys still know.
 * A line that was torn counts as never written. There are hashes of whole batches in it, check sums of 32 bits of their
 * first lines, the ledger's address and the key without its secret, and nothing else.
 *
 * <p>Its file is locked while it is open. Where it can't be written the import goes on without it. Memory grows with the
 * number of batches that an earlier import wrote down. Writing is safe for several threads, the rest is for one.
 */
final class ImportJournal implements AutoCloseable {

    private static final String FORMAT = "customer-ledger-import 1 ";
    private static final int NAME_CHARACTERS = 8;
    private static final Duration FORCED_EVERY = Duration.ofSeconds(1);
    private static final Pattern LINE = Pattern.compile("(?<what>sent|stored|refused) (?<key>[0-9a-f]{64})"
            + "(?: (?<records>[1-9][0-9]{0,8}) (?<firstLine>[0-9a-f]{8}))?");

    /**
     * A batch that was sent.
     *
     * @param key as in {@link ImportBatch}
     * @param firstLine the fingerprint of its first line
     * @param isStored whether the ledger said so; it may be stored all the same
     */
    record Entry(String key, int records, int firstLine, boolean isStored) {}

    private final Path path;
    private final Consumer<String> report;
    private final Map<Integer, List<Entry>> entries;
    private @Nullable FileChannel channel;
    private long forcedAtNs = System.nanoTime();
    private int held;

    private ImportJournal(
            Path path, Consumer<String> report, Map<String, Entry> entries, @Nullable FileChannel channel) {
        this.path = path;
        this.report = report;
        this.entries = entries.values().stream().collect(Collectors.groupingBy(Entry::firstLine));
        this.held = entries.size();
        this.channel = channel;
    }

    /**
     * Opens the journal of a file's import into one ledger, or begins it.
     *
     * @param ledgerAndKey as {@link LedgerClient#ledgerAndKey} has it: what one ledger has stored for one merchant says
     *     nothing about another
     * @param report told when it can't be written
     * @throws CommandFailure when the same import runs already
     */
    static ImportJournal open(Path file, String ledgerAndKey, Consumer<String> report) {
        Path path = pathOf(file, ledgerAndKey);
        try {
            FileChannel channel = locked(path);
            try {
                Map<String, Entry> entries = read(channel, path, FORMAT + ledgerAndKey);
                return new ImportJournal(path, report, entries, channel);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            ImportJournal without = new ImportJournal(path, report, Map.of(), null);
            without.tellOf(e);
            return without;
        }
    }

    /** Where it lies: one for each ledger and key. */
    static Path pathOf(Path file, String ledgerAndKey) {
        String hash = ImportBatch.sha256(ledgerAndKey.getBytes(StandardCharsets.UTF_8));
        return file.resolveSibling(file.getFileName() + ".import-" + hash.substring(0, NAME_CHARACTERS));
    }

    private static FileChannel locked(Path path) throws IOException {
        while (true) {
            FileChannel channel = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            boolean isLocked = false;
            try {
                isLocked = channel.tryLock() != null;
            } catch (OverlappingFileLockException e) {
                // Another import in this same process.
                isLocked = false;
            } finally {
                if (!isLocked) {
                    channel.close();
                }
            }
            if (!isLocked) {
                throw new CommandFailure(
                        "Another import of this file into this ledger is running (" + path + " is locked)");
            }
            if (Files.exists(path)) {
                return channel;
            }
            // The import that had it was completed in between, and has removed it.
            channel.close();
        }
    }

    private static Map<String, Entry> read(FileChannel channel, Path path, String header) throws IOException {
        // Not closed, because the channel would be.
        BufferedReader reader =
                new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8.newDecoder(), -1));
        Map<String, Entry> entries = new LinkedHashMap<>();
        String first = reader.readLine();
        if (first == null || (header.startsWith(first) && channel.size() < header.length() + 1)) {
            channel.truncate(0);
            write(channel, header);
            channel.force(true);
            return entries;
        }
        if (!first.equals(header)) {
            throw new CommandFailure(path + " is not the journal of this import; move it away");
        }
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                note(entries, matcher);
            }
        }
        ByteBuffer last = ByteBuffer.allocate(1);
        channel.read(last, channel.size() - 1);
        channel.position(channel.size());
        if (last.get(0) != '\n') {
            write(channel, "");
        }
        return entries;
    }

    private static void note(Map<String, Entry> entries, Matcher line) {
        String key = line.group("key");
        String records = line.group("records");
        switch (line.group("what")) {
            case "sent" -> {
                if (records != null) {
                    entries.putIfAbsent(
                            key,
                            new Entry(
                                    key,
                                    Integer.parseInt(records),
                                    Integer.parseUnsignedInt(line.group("firstLine"), 16),
                                    false));
                }
            }
            case "stored" ->
                entries.computeIfPresent(key, (same, sent) -> new Entry(key, sent.records(), sent.firstLine(), true));
            default -> entries.remove(key);
        }
    }

    /** Batches of an earlier import that began with that line, or with one that is hard to tell from it. */
    List<Entry> beginningWith(JsonLines.Line line) {
        return entries.isEmpty() ? List.of() : entries.getOrDefault(ImportBatch.fingerprint(line), List.of());
    }

    /** Whether an earlier import wrote nothing down that matters. */
    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** A batch is about to be sent. */
    synchronized void sent(ImportBatch batch) {
        held++;
        append("sent " + batch.key() + ' ' + batch.records() + ' ' + String.format("%08x", batch.firstLine()));
    }

    /** A batch that was sent is stored. */
    synchronized void stored(ImportBatch batch) {
        append("stored " + batch.key());
    }

    /** A batch that was sent is certainly not stored. */
    synchronized void refused(ImportBatch batch) {
        held--;
        append("refused " + batch.key());
    }

    private void append(String line) {
        if (channel == null) {
            return;
        }
        try {
            write(channel, line);
            long now = System.nanoTime();
            if (now - forcedAtNs > FORCED_EVERY.toNanos()) {
                channel.force(false);
                forcedAtNs = now;
            }
        } catch (IOException e) {
            tellOf(e);
            abandon(channel);
            channel = null;
        }
    }

    private static void write(FileChannel channel, String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + '\n').getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** The import is complete: nothing is left to be known. */
    synchronized void complete() {
        held = 0;
    }

    /** Keeps the file as long as a batch in it is stored, or may be, and the import is not complete. */
    @Override
    public synchronized void close() {
        if (channel == null) {
            return;
        }
        try (FileChannel closing = channel) {
            if (held == 0) {
                Files.deleteIfExists(path);
            } else {
                closing.force(true);
            }
        } catch (IOException e) {
            tellOf(e);
        }
        channel = null;
    }

    private void abandon(FileChannel failed) {
        try {
            failed.close();
        } catch (IOException e) {
            tellOf(e);
        }
    }

    private void tellOf(IOException e) {
        report.accept(path + " can't be written (" + e.getClass().getSimpleName()
                + "): should this import be interrupted, repeat it within 24 hours");
    }
}
