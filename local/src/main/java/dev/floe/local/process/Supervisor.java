package dev.floe.local.process;

import dev.floe.local.LocalException;
import dev.floe.local.home.Failures;
import dev.floe.local.home.FloeHome;
import dev.floe.local.home.PrivateFiles;
import dev.floe.local.python.PythonInterpreter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Starts processes that outlive this one, each in a folder of its own. */
public final class Supervisor {
  private static final String RESOURCE = "supervise.py";

  private final Path script;
  private volatile @Nullable PythonInterpreter python;

  private Supervisor(Path script) {
    this.script = script;
  }

  /**
   * Unpacks the supervisor's script into the home where it is not there yet.
   *
   * @throws LocalException the home can't be written
   */
  public static Supervisor at(FloeHome home) {
    try (var in = Supervisor.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is not part of this program");
      }
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      var script = home.lib().resolve("supervise-" + hash(text) + ".py");
      PrivateFiles.writeOnce(script, text);
      return new Supervisor(script);
    } catch (IOException e) {
      throw failure("The supervisor can't be unpacked", home.lib(), e);
    }
  }

  /** What fills a process's folder before anybody can see it. */
  @FunctionalInterface
  public interface Filling {
    /** Writes into the folder, which is going to be renamed. */
    void fill(Path draft) throws IOException;
  }

  /** Prepares a process without starting it; a folder that is there is opened as it is. */
  public SupervisedProcess prepare(Path folder, ProcessSpec spec) {
    return prepare(folder, spec, _ -> {});
  }

  /**
   * Prepares a process without starting it; a folder that is there is opened as it is.
   *
   * @param folder absolute path; appears whole or not at all
   * @param spec what is to run; its working folder may lie in the folder
   * @param filling puts more into the folder
   * @throws LocalException it can't be written
   */
  public SupervisedProcess prepare(Path folder, ProcessSpec spec, Filling filling) {
    if (exists(folder)) {
      return open(folder);
    }
    try {
      var draft = PrivateFiles.createDraft(folder);
      try {
        filling.fill(draft);
        var json = SupervisedFiles.json(UUID.randomUUID().toString(), spec);
        PrivateFiles.write(draft.resolve(SupervisedFiles.SPEC), json.toPrettyString());
        Files.move(draft, folder, StandardCopyOption.ATOMIC_MOVE);
      } catch (FileSystemException e) {
        if (!exists(folder)) {
          throw e;
        }
      } finally {
        PrivateFiles.deleteFolder(draft);
      }
      return open(folder);
    } catch (IOException e) {
      throw failure("The folder " + folder + " can't be prepared", folder, e);
    }
  }

  /** Whether a process was prepared in the folder. */
  public boolean exists(Path folder) {
    return Files.exists(folder.resolve(SupervisedFiles.SPEC));
  }

  /** The process of a folder in which one was prepared. */
  public SupervisedProcess open(Path folder) {
    return new SupervisedProcess(folder, script, this::python);
  }

  /**
   * Has the service run as specified: prepares it, starts it where it does not run, and restarts it
   * where it was started with another specification.
   */
  public SupervisedProcess ensure(Path folder, ProcessSpec spec) {
    var process = prepare(folder, spec);
    process.respecify(spec);
    process.start();
    return process;
  }

  static LocalException failure(String what, Path place, IOException e) {
    var action = Failures.action(e, place, "Look at the permissions of " + place + ".");
    return new LocalException(what + ": " + Failures.words(e), action, e);
  }

  private static String hash(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of()
          .formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)))
          .substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Looked for when the first process is started: trying candidates takes longer than a look at
   * what runs.
   */
  private PythonInterpreter python() {
    var found = python;
    if (found == null) {
      found = PythonInterpreter.find(System.getenv());
      python = found;
    }
    return found;
  }
}
