package dev.floe.cli.context;

import dev.floe.cli.Deadline;
import dev.floe.cli.Surroundings;
import dev.floe.cli.kubernetes.ClusterConnection;
import dev.floe.cli.rest.ServiceAddress;
import dev.floe.cli.rest.ServiceName;
import org.jspecify.annotations.Nullable;

/** The way to the services of one context. */
public interface Connection extends AutoCloseable {
  /** Where the service is and how to sign in. */
  ServiceAddress address(ServiceName service);

  @Override
  default void close() {}

  /**
   * Opens the way.
   *
   * @param name of the context; {@code null}: the one in use
   * @param deadline when to give up; {@code null}: at limits of its own
   */
  static Connection open(
      Surroundings surroundings, @Nullable String name, @Nullable Deadline deadline) {
    var contexts = Contexts.read(surroundings.home());
    var context = contexts.find(name == null ? contexts.current() : name);
    return switch (context) {
      case Context.Local local -> new LocalConnection(surroundings.home());
      case Context.Urls urls -> new UrlConnection(urls);
      case Context.Cluster cluster -> new ClusterConnection(cluster, deadline);
    };
  }
}
