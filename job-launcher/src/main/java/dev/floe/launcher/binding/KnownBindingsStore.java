package dev.floe.launcher.binding;

import dev.floe.contract.platform.Bindings;
import dev.floe.launcher.database.Json;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** What platform-manager said last, in PostgreSQL. */
@ApplicationScoped
class KnownBindingsStore implements PanacheRepositoryBase<KnownBindingsEntity, KnownBindingsId> {
  private final Json json;

  KnownBindingsStore(Json json) {
    this.json = json;
  }

  Uni<Optional<Bindings>> read(String platform, String domain) {
    return findById(new KnownBindingsId(platform, domain))
        .map(row -> Optional.ofNullable(row).map(r -> json.read(r.body, Bindings.class)));
  }

  Uni<Void> write(String platform, String domain, Bindings bindings) {
    return getSession()
        .chain(session ->
            session
                .createNativeQuery(
                    """
                    insert into known_bindings (platform, domain, body, known_at)
                    values (:platform, :domain, :body, now())
                    on conflict (platform, domain)
                    do update set body = excluded.body, known_at = now()\
                    """)
                .setParameter("platform", platform)
                .setParameter("domain", domain)
                .setParameter("body", json.write(bindings))
                .executeUpdate())
        .replaceWithVoid();
  }
}
