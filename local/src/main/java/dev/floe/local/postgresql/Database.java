package dev.floe.local.postgresql;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A database that has to be there, with the roles that use it.
 *
 * @param name the database
 * @param owner the role that owns it
 * @param tenants roles that each own one schema of their own name in it
 */
public record Database(String name, Role owner, List<Role> tenants) {
  private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

  /**
   * A role that signs in with a password.
   *
   * @param name the role
   * @param password its password, set anew whenever the server is started
   */
  public record Role(String name, String password) {
    public Role {
      requireName(name);
      if (password.isEmpty() || password.chars().anyMatch(c -> c < ' ' || c == '\\')) {
        throw new IllegalArgumentException("the password of " + name + " has unusable characters");
      }
    }

    @Override
    public String toString() {
      return "Role[" + name + "]";
    }
  }

  public Database {
    requireName(name);
    tenants = List.copyOf(tenants);
  }

  /** A database that only its owner uses. */
  public static Database of(String name, String owner, String password) {
    return new Database(name, new Role(owner, password), List.of());
  }

  private static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not usable as a name in a database: " + name);
    }
  }
}
