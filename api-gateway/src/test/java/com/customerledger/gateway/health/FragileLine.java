package com.customerledger.gateway.health;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The way to a database, on a port of its own, that a test can cut and mend. Thread-safe. */
final class FragileLine implements AutoCloseable {

    private final InetSocketAddress behind;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private @Nullable ServerSocket front;

    /** Mended, to a port of this machine. */
    FragileLine(int portBehind) throws IOException {
        behind = new InetSocketAddress(InetAddress.getLoopbackAddress(), portBehind);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        mend();
    }

    int port() {
        return port;
    }

    synchronized void mend() throws IOException {
        ServerSocket listening = new ServerSocket();
        listening.setReuseAddress(true);
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        front = listening;
        threads.execute(() -> accept(listening));
    }

    /** Ends every connection and refuses new ones. */
    synchronized void cut() throws IOException {
        ServerSocket listening = front;
        front = null;
        if (listening != null) {
            listening.close();
        }
        for (Socket socket : open) {
            socket.close();
        }
        open.clear();
    }

    private void accept(ServerSocket listening) {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Socket server = new Socket();
                open.add(client);
                open.add(server);
                server.connect(behind);
                threads.execute(() -> copy(client, server));
                threads.execute(() -> copy(server, client));
                if (listening.isClosed()) {
                    client.close();
                    server.close();
                }
            } catch (IOException failure) {
                if (!listening.isClosed()) {
                    throw new UncheckedIOException(failure);
                }
            }
        }
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
        } catch (IOException cut) {
            // Either end may close at any time; that is what the line is for.
            open.remove(from);
        }
    }

    @Override
    public void close() throws IOException {
        cut();
        threads.shutdownNow();
    }
}
