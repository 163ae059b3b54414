package dev.floe.launcher.binding;

import dev.floe.contract.platform.Bindings;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Answers what a domain's jobs inherit: asked of platform-manager, or as it was known last. */
@ApplicationScoped
public class BindingService {
  private static final Logger LOG = Logger.getLogger(BindingService.class);
  private static final int NOT_FOUND = 404;

  private final PlatformManagerClient client;
  private final KnownBindingsStore store;
  private final BindingConfig config;
  private final Map<Key, Remembered> remembered;

  private record Key(String platform, String domain) {}

  private record Remembered(Lookup lookup, long at, @Nullable Bindings stored) {}

  BindingService(
      @RestClient PlatformManagerClient client, KnownBindingsStore store, BindingConfig config) {
    this.client = client;
    this.store = store;
    this.config = config;
    this.remembered = Collections.synchronizedMap(new Recent(config.remembered()));
  }

  /** Looks the bindings up; never fails for what platform-manager does. On a Vert.x context. */
  public Uni<Lookup> lookup(String platform, String domain) {
    var key = new Key(platform, domain);
    var before = remembered.get(key);
    if (before != null && System.nanoTime() - before.at() < config.freshFor().toNanos()) {
      return Uni.createFrom().item(before.lookup());
    }
    var stored = before == null ? null : before.stored();
    return client
        .bindings(platform, domain)
        .ifNoItem()
        .after(config.timeout())
        .fail()
        .chain(bindings -> current(key, bindings, stored))
        .onFailure()
        .recoverWithUni(failure -> failed(key, stored, failure));
  }

  private Uni<Lookup> current(Key key, Bindings bindings, @Nullable Bindings stored) {
    Lookup lookup = new Lookup.Known(bindings, true);
    if (bindings.equals(stored)) {
      return Uni.createFrom().item(remember(key, lookup, stored));
    }
    return Panache.withTransaction(() -> store.write(key.platform(), key.domain(), bindings))
        .map(done -> remember(key, lookup, bindings));
  }

  private Uni<Lookup> failed(Key key, @Nullable Bindings stored, Throwable failure) {
    if (failure instanceof WebApplicationException answer
        && answer.getResponse().getStatus() == NOT_FOUND) {
      var unknown =
          "platform-manager knows no platform '%s' with the domain '%s'; see 'floe platform status'"
              .formatted(key.platform(), key.domain());
      return Uni.createFrom().item(remember(key, new Lookup.Unknown(unknown), null));
    }
    LOG.debugf("platform-manager cannot be asked: %s", failure.getMessage());
    return Panache.withSession(() -> store.read(key.platform(), key.domain()))
        .map(known ->
            known
                .<Lookup>map(bindings -> new Lookup.Known(bindings, false))
                .orElseGet(() -> new Lookup.Unreachable("platform-manager cannot be reached")))
        .map(lookup -> remember(key, lookup, stored));
  }

  private Lookup remember(Key key, Lookup lookup, @Nullable Bindings stored) {
    remembered.put(key, new Remembered(lookup, System.nanoTime(), stored));
    return lookup;
  }

  /** The most recently used ones. */
  private static final class Recent extends LinkedHashMap<Key, Remembered> {
    private static final long serialVersionUID = 1L;
    private final int most;

    private Recent(int most) {
      super(16, 0.75f, true);
      this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Key, Remembered> eldest) {
      return size() > most;
    }
  }

  /** Longest time that a lookup takes. */
  public Duration longest() {
    return config.timeout().multipliedBy(3);
  }
}
