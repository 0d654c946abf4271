package com.customerledger.gateway.soak;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
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
 * The way from a node to its database: can be closed, which refuses and cuts connections, held up, which lets them live
 * without a word, and moved, after which only new ones get a word. Closed at first. Thread-safe.
 */
final class Link implements AutoCloseable {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int CONNECTIONS_MAX = 200;

    private final int port;
    private final int targetPort;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition flowing = lock.newCondition();
    private final Set<Joint> joints = new HashSet<>();
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

    /** One connection: its end at the node, and its end at the database. */
    private static final class Joint {

        private final Socket near;
        private final Socket far = new Socket();
        private volatile boolean left;

        Joint(Socket near) {
            this.near = near;
        }

        void close() throws IOException {
            near.close();
            far.close();
        }
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

    /** Leaves the node's connections without a word for good, as when its database's machine is gone; new ones get through. */
    void move() throws IOException {
        lock.lock();
        try {
            for (Joint each : joints) {
                each.left = true;
                each.far.close();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Cuts every connection and refuses new ones. */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            if (entrance != null) {
                entrance.close();
                entrance = null;
            }
            for (Joint each : joints) {
                each.close();
            }
            joints.clear();
            held = false;
            flowing.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void accept(ServerSocket from) {
        while (!from.isClosed()) {
            try {
                join(from, new Joint(from.accept()));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void join(ServerSocket from, Joint joint) throws IOException {
        lock.lock();
        try {
            if (entrance != from || joints.size() >= CONNECTIONS_MAX) {
                joint.close();
                return;
            }
            joints.add(joint);
        } finally {
            lock.unlock();
        }
        thread(() -> {
            try {
                joint.near.setTcpNoDelay(true);
                joint.far.setTcpNoDelay(true);
                joint.far.connect(new InetSocketAddress(LOOPBACK, targetPort));
                thread(() -> pump(joint, joint.far, joint.near));
                pump(joint, joint.near, joint.far);
            } catch (IOException refused) {
                end(joint);
            }
        });
    }

    /** Until one of its ends closes, and then both. */
    private void pump(Joint joint, Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                awaitFlow(from);
                out.write(buffer, 0, read);
            }
            end(joint);
        } catch (IOException ended) {
            end(joint);
        }
    }

    private void awaitFlow(Socket from) {
        lock.lock();
        try {
            while (held && !from.isClosed()) {
                flowing.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void end(Joint joint) {
        lock.lock();
        try {
            if (!joint.left && joints.remove(joint)) {
                joint.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "soak-link");
        thread.setDaemon(true);
        thread.start();
    }
}
