package com.customerledger.command.database.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds a port that nobody listens on now. Somebody may a moment later, so its user must be ready to ask again. */
final class FreePort {

    private static final InetAddress LOOPBACK = loopback();
    private static final Logger LOG = LoggerFactory.getLogger(FreePort.class);
    private static final int PORT_MIN = 15_000;
    private static final int PORT_MAX = 32_000;
    private static final int TRIES_MAX = 200;
    private static final Path EPHEMERAL = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

    private FreePort() {}

    /**
     * Picks a port on 127.0.0.1 outside of the range that the kernel gives to outgoing connections. Within it, a pool that knocks at a
     * server that is down can get that very port for its own end and connect to itself, and then the server cannot come back.
     */
    static int pick() {
        int[] ephemeral = ephemeral();
        for (int i = 0; i < TRIES_MAX; i++) {
            int port = ThreadLocalRandom.current().nextInt(PORT_MIN, PORT_MAX);
            if ((port < ephemeral[0] || port > ephemeral[1]) && isFree(port)) {
                return port;
            }
        }
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new EmbeddedDatabaseException("There is no free port on 127.0.0.1", e);
        }
    }

    private static InetAddress loopback() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(LOOPBACK, port));
            return true;
        } catch (IOException e) {
            LOG.trace("Port {} is taken", port, e);
            return false;
        }
    }

    private static int[] ephemeral() {
        // Read in one piece: the kernel gives nothing more of such a file after its first piece, and Files.readString
        // begins with one byte.
        try (InputStream file = Files.newInputStream(EPHEMERAL)) {
            String[] bounds = new String(file.readNBytes(64), StandardCharsets.US_ASCII)
                    .strip()
                    .split("\\s+", -1);
            return new int[] {Integer.parseInt(bounds[0]), Integer.parseInt(bounds[1])};
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            LOG.debug("Cannot read {}", EPHEMERAL, e);
            return new int[] {32_768, 60_999};
        }
    }
}
