package dev.floe.cli;

import dev.floe.local.home.Endpoints;
import dev.floe.local.home.FloeHome;
import dev.floe.local.home.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that accepts every connection, says its words at once, and then nothing any more. */
final class SilentServer implements AutoCloseable {
  private final ServerSocket server;
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final byte[] words;

  /**
   * @param words what every connection gets, for example the headers of an answer; may be empty
   */
  SilentServer(String words) throws IOException {
    this.words = words.getBytes(StandardCharsets.UTF_8);
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /** Has a home lead here. */
  void writeTo(Path home) throws IOException {
    var floeHome = FloeHome.at(home);
    PrivateFiles.write(floeHome.token(), "the-token\n");
    var url = URI.create("http://127.0.0.1:" + server.getLocalPort());
    new Endpoints(url, url, url, url, url, floeHome.token()).write(floeHome);
  }

  int port() {
    return server.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (var socket : open) {
      socket.close();
    }
  }

  private void accept() {
    try {
      while (true) {
        var socket = server.accept();
        open.add(socket);
        socket.getOutputStream().write(words);
        socket.getOutputStream().flush();
      }
    } catch (SocketException e) {
      // closed by the test
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
