package com.customerledger.gateway.soak;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The way from a node to its database: can be closed, which refuses and cuts connections, and held up, which lets them
 * live without a word. Closed at first. Thread-safe.
 */
final class Link implements AutoCloseable {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int CONNECTIONS_MAX = 200;

    private final int port;
    private final int targetPort;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition flowing = lock.newCondition();
    private final Set<Socket> sockets = new HashSet<>();
    private @Nullable ServerSocket entrance;
    private boolean held;

    /**
     * @param port where it is entered
     * @param targetPort where it leads; both on 127.0.0.1
     */
    Link(int port, int targetPort) {
        this.port = port;
        this.targetPort = targetPort;
    }

    int port() {
        return port;
    }

    /** Lets connections in, and everything through. */
    void open() throws IOException {
        lock.lock();
        try {
            held = false;
            flowing.signalAll();
            if (entrance == null) {
                ServerSocket opened = new ServerSocket();
                opened.setReuseAddress(true);
                opened.bind(new InetSocketAddress(LOOPBACK, port), CONNECTIONS_MAX);
                entrance = opened;
                thread(() -> accept(opened));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets connections in, and nothing through. */
    void hold() {
        lock.lock();
        try {
            held = true;
        } finally {
            lock.unlock();
        }
    }

    /** Cuts every connection and refuses new ones. */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            held = false;
            flowing.signalAll();
            if (entrance != null) {
                entrance.close();
                entrance = null;
            }
            for (Socket each : sockets) {
                each.close();
            }
            sockets.clear();
        } finally {
            lock.unlock();
        }
    }

    private void accept(ServerSocket from) {
        while (!from.isClosed()) {
            Socket near;
            try {
                near = from.accept();
            } catch (IOException closed) {
                return;
            }
            join(from, near);
        }
    }

    private void join(ServerSocket from, Socket near) {
        Socket far = new Socket();
        boolean wanted;
        lock.lock();
        try {
            wanted = entrance == from && sockets.size() < 2 * CONNECTIONS_MAX;
            if (wanted) {
                sockets.add(near);
                sockets.add(far);
            }
        } finally {
            lock.unlock();
        }
        thread(() -> {
            try (near;
                    far) {
                if (!wanted) {
                    return;
                }
                near.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                far.connect(new InetSocketAddress(LOOPBACK, targetPort));
                Thread back = thread(() -> pump(far, near));
                pump(near, far);
                back.join();
            } catch (IOException refused) {
                forget(near, far);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            forget(near, far);
        });
    }

    /** Until one of the two ends, and then both. */
    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                awaitFlow();
                out.write(buffer, 0, read);
            }
        } catch (IOException ended) {
            forget(from, to);
        }
    }

    private void awaitFlow() {
        lock.lock();
        try {
            while (held) {
                flowing.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void forget(Socket near, Socket far) {
        lock.lock();
        try {
            sockets.remove(near);
            sockets.remove(far);
        } finally {
            lock.unlock();
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "soak-link");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
