package com.customerledger.events.database;

/** What a session on the server does with the memory that a transaction gave back. */
public final class SessionMemory {

    /**
     * A statement for the beginning of a session that writes again and again: what a transaction frees, up to 8 MiB, the
     * server's process keeps for the next one. It changes nothing else, and nothing where the server's C library is
     * another than glibc.
     *
     * <p>By default glibc gives everything above 128 KiB at the end of its heap back to the kernel at once, and each batch
     * asks for it again, page by page. Freeing one mapped piece of 4 MiB raises that limit to twice its size for as long as
     * the process lives (mallopt(3), on the dynamic M_MMAP_THRESHOLD).
     */
    public static final String KEEP = "SELECT octet_length(repeat(' ', 4 * 1024 * 1024))";

    private SessionMemory() {}
}
