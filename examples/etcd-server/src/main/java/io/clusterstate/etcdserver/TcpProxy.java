package io.clusterstate.etcdserver;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A proxy between clients and a server on this machine, which can break their connections on demand.
 *
 * <p>Thread: safe for any thread.
 */
public final class TcpProxy implements AutoCloseable {

    private static final int BUFFER = 16 * 1024;

    private final ServerSocket listener;
    private final int target;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition goesOn = lock.newCondition();
    private final AtomicLong received = new AtomicLong();
    private boolean isSilent;
    private volatile boolean isRefusing;
    private volatile boolean isClosed;

    private TcpProxy(int target) {
        this.target = target;
        try {
            this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException("proxy: cannot listen", e);
        }
    }

    /**
     * Starts a proxy.
     *
     * @param port the port of the server, on 127.0.0.1
     * @return the proxy, which forwards everything
     */
    public static TcpProxy to(int port) {
        TcpProxy proxy = new TcpProxy(port);
        daemon("proxy-accept", proxy::accept);
        return proxy;
    }

    /**
     * The address for clients.
     *
     * @return an {@code http} URL on 127.0.0.1
     */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /** Closes all connections; clients can open new ones. */
    public void cut() {
        open.forEach(TcpProxy::closeQuietly);
    }

    /**
     * Starts or stops refusing: closes all connections, and new ones as soon as they open.
     *
     * @param refusing whether to refuse from now on
     */
    public void refuse(boolean refusing) {
        isRefusing = refusing;
        if (refusing) {
            cut();
        }
    }

    /**
     * Starts or stops a silence: forwards nothing and leaves all connections open, like a network that drops every
     * packet.
     *
     * @param silent whether to be silent from now on
     */
    public void silence(boolean silent) {
        lock.lock();
        try {
            isSilent = silent;
            goesOn.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The bytes that clients have received from the server.
     *
     * @return the number since the start of the proxy
     */
    public long received() {
        return received.get();
    }

    private void accept() {
        while (!isClosed) {
            try {
                Socket client = listener.accept();
                if (isRefusing) {
                    closeQuietly(client);
                } else {
                    connect(client);
                }
            } catch (IOException e) {
                isClosed |= listener.isClosed();
            }
        }
    }

    private void connect(Socket client) throws IOException {
        Socket server = new Socket();
        try {
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 1_000);
        } catch (IOException e) {
            closeQuietly(client);
            closeQuietly(server);
            throw e;
        }
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        open.add(client);
        open.add(server);
        daemon("proxy-up", () -> pump(client, server, new AtomicLong()));
        daemon("proxy-down", () -> pump(server, client, received));
    }

    private void pump(Socket from, Socket to, AtomicLong count) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int read = in.read(buffer);
            while (read >= 0) {
                awaitSound();
                out.write(buffer, 0, read);
                count.addAndGet(read);
                read = in.read(buffer);
            }
        } catch (IOException e) {
            closeQuietly(to);
        } finally {
            closeQuietly(from);
            closeQuietly(to);
            open.remove(from);
            open.remove(to);
        }
    }

    private void awaitSound() {
        lock.lock();
        try {
            while (isSilent && !isClosed) {
                goesOn.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the proxy and all connections through it. */
    @Override
    public void close() {
        isClosed = true;
        closeQuietly(listener);
        silence(false);
        cut();
    }

    private static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            throw new UncheckedIOException("proxy: cannot close", e);
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
