package dev.floe.launcher.queue;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Stands between clients and PostgreSQL and can freeze the next transaction after any of its
 * statements, as a process that is stopped there does: the server waits for a client that says
 * nothing more, and the client hears nothing, until both are let go.
 */
final class FreezingProxy implements AutoCloseable {
  private static final int QUERY = 'Q';
  private static final int SYNC = 'S';

  private final ServerSocket listening;
  private final int server;
  private final AtomicBoolean armed = new AtomicBoolean();
  private volatile int after;
  private volatile boolean frozen;
  private volatile CountDownLatch thawed = new CountDownLatch(0);

  FreezingProxy(int port, int server) throws IOException {
    this.server = server;
    this.listening = new ServerSocket();
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    Thread.ofVirtual().name("freezing-proxy").start(this::accept);
  }

  /** The next transaction that begins freezes once so many statements followed its BEGIN. */
  void arm(int statements) {
    after = statements;
    thawed = new CountDownLatch(1);
    armed.set(true);
  }

  /** Whether a transaction stands still now. */
  boolean frozen() {
    return frozen;
  }

  /** Lets everything continue; what the server ended meanwhile ends for the client too. */
  void thaw() {
    armed.set(false);
    frozen = false;
    thawed.countDown();
  }

  /** Returns at once where nothing is frozen. */
  void awaitThaw() {
    try {
      if (frozen) {
        thawed.await();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void accept() {
    try {
      while (true) {
        var client = listening.accept();
        var upstream = new Socket(InetAddress.getLoopbackAddress(), server);
        var link = new Link(client, upstream);
        Thread.ofVirtual().start(link::forward);
        Thread.ofVirtual().start(link::back);
      }
    } catch (IOException e) {
      if (!listening.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private final class Link {
    private final Socket client;
    private final Socket upstream;
    private volatile boolean still;

    private Link(Socket client, Socket upstream) {
      this.client = client;
      this.upstream = upstream;
    }

    private void forward() {
      int left = -1;
      try (client) {
        var in = new DataInputStream(client.getInputStream());
        var out = new DataOutputStream(upstream.getOutputStream());
        message(in, out, -1); // the startup message has no type
        for (int type = in.read(); type >= 0; type = in.read()) {
          var body = message(in, out, type);
          boolean statement = type == QUERY || type == SYNC;
          if (type == QUERY && body.startsWith("BEGIN") && armed.compareAndSet(true, false)) {
            left = after;
          } else if (statement && left >= 0) {
            left = body.startsWith("COMMIT") || body.startsWith("ROLLBACK") ? -1 : left - 1;
          }
          if (statement && left == 0) {
            left = -1;
            still = true;
            frozen = true;
            thawed.await();
            return;
          }
        }
      } catch (IOException | InterruptedException e) {
        // one of the two has gone; so does the other
      } finally {
        close(upstream);
      }
    }

    private String message(DataInputStream in, DataOutputStream out, int type) throws IOException {
      int length = in.readInt();
      var body = in.readNBytes(length - Integer.BYTES);
      if (type >= 0) {
        out.writeByte(type);
      }
      out.writeInt(length);
      out.write(body);
      out.flush();
      return new String(body, java.nio.charset.StandardCharsets.UTF_8);
    }

    private void back() {
      var buffer = new byte[8192];
      try (upstream) {
        var in = upstream.getInputStream();
        var out = client.getOutputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          if (!still) {
            out.write(buffer, 0, read);
          }
        }
        if (still) {
          thawed.await();
        }
      } catch (IOException | InterruptedException e) {
        // as above
      } finally {
        close(client);
      }
    }

    private static void close(Socket socket) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
