package com.customerledger.command.database.embedded;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the embedded PostgreSQL runs.
 *
 * @param osUser the name or number of the user it runs as when this process is root, or null to choose one
 * @param durable whether what is committed survives a power cut; false in tests only
 * @param binariesDirectory where its programs are unpacked, or null for the data directory
 */
record ServerSettings(
        @Nullable String osUser, boolean durable, @Nullable Path binariesDirectory) {

    private static final int CONNECTIONS_MAX = 200;

    private static final long MIB = 1 << 20;

    private static final long BUFFERS_MIN_MB = 128;

    // With 128 MB a ledger of a million customers, of whose indexes every write meets pages at random, took two thirds
    // of the batches that it takes with this.
    private static final long BUFFERS_MAX_MB = 512;

    static ServerSettings production(@Nullable String osUser) {
        return new ServerSettings(osUser, true, null);
    }

    /** Where the programs go when the user that PostgreSQL runs as cannot reach the data directory. */
    List<Path> sharedBinariesDirectories() {
        return List.of(
                Path.of(System.getProperty("java.io.tmpdir")),
                Path.of("/tmp"),
                Path.of("/var/tmp"),
                Path.of("/var/lib"));
    }

    /**
     * PostgreSQL's settings as {@code name=value}. They stand on its command line, which wins over everything in the cluster, so that no
     * forgotten file there can open the server to the network or make it forget what it acknowledged.
     */
    List<String> parameters(int port, String clusterName) {
        String on = durable ? "on" : "off";
        return List.of(
                "cluster_name=" + clusterName,
                "listen_addresses=127.0.0.1",
                "port=" + port,
                "unix_socket_directories=",
                "max_connections=" + CONNECTIONS_MAX,
                "fsync=" + on,
                "full_page_writes=" + on,
                "synchronous_commit=" + on,
                "shared_buffers=" + buffers(memory()) + "MB",
                "max_wal_size=2GB",
                // What many rows at once leave to the system goes to the disk bit by bit, so that no commit has to wait
                // for all of it.
                "backend_flush_after=512kB",
                "random_page_cost=1.1",
                "jit=off",
                // A statement whose client has died is given up, so that it holds no locks.
                "client_connection_check_interval=1s",
                "timezone=UTC",
                "log_timezone=UTC",
                // Errors, details and statements can quote a customer's data. They go to the client alone, never into
                // the log.
                "log_min_messages=log",
                "log_min_error_statement=panic",
                "log_error_verbosity=terse",
                "log_statement=none",
                "log_min_duration_statement=-1",
                "log_parameter_max_length=0",
                "log_parameter_max_length_on_error=0",
                "log_destination=stderr",
                "logging_collector=off",
                "log_line_prefix=%m [%p] ");
    }

    private static long memory() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
    }

    /**
     * A quarter of the memory of the machine or the container, which PostgreSQL's manual calls a reasonable start, within
     * bounds. The server takes it as the ledger grows.
     *
     * @param memory in bytes
     * @return in MiB
     */
    static long buffers(long memory) {
        return Math.max(BUFFERS_MIN_MB, Math.min(BUFFERS_MAX_MB, memory / 4 / MIB));
    }
}
