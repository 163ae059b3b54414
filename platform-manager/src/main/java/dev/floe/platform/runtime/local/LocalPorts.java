package dev.floe.platform.runtime.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.local.home.FloeHome;
import dev.floe.local.home.FolderLock;
import dev.floe.local.home.PrivateFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;

/** Ports of a platform's components: free when they are chosen, and kept from then on. */
final class LocalPorts {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final FloeHome home;

  LocalPorts(FloeHome home) {
    this.home = home;
  }

  int port(String platform, String component, String name) throws IOException {
    var file = home.component(platform, "ports.json");
    var key = component + "/" + name;
    PrivateFiles.createFolder(file.resolveSibling(component));
    try (var _ = FolderLock.acquire(file.resolveSibling(".ports.lock"))) {
      var text = PrivateFiles.read(file);
      var ports =
          text.isPresent() && JSON.readTree(text.get()) instanceof ObjectNode known
              ? known
              : JSON.createObjectNode();
      if (ports.path(key).isInt()) {
        return ports.path(key).asInt();
      }
      var taken = new HashSet<Integer>();
      ports.forEach(port -> taken.add(port.asInt()));
      int chosen = free(taken);
      ports.put(key, chosen);
      PrivateFiles.write(file, ports.toPrettyString() + "\n");
      return chosen;
    }
  }

  private static int free(Set<Integer> taken) throws IOException {
    while (true) {
      try (var socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        if (!taken.contains(socket.getLocalPort())) {
          return socket.getLocalPort();
        }
      }
    }
  }
}
