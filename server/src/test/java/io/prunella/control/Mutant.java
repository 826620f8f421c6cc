package io.prunella.control;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Production code with one deliberate bug: a line of its source is replaced, the file compiled in
 * memory, and the simulation run in a class loader of its own. Production code knows nothing of it.
 *
 * @param name what is wrong with it
 * @param file below {@code io/prunella}
 * @param original text that stands in the file once: a mutant that no longer fits is a failure
 */
record Mutant(String name, String file, String original, String replacement) {
  private static final Path SOURCES = Path.of("src", "main", "java", "io", "prunella");

  @Override
  public String toString() {
    return name;
  }

  /**
   * Runs worlds until one finds the bug.
   *
   * @return the seed that found it and what it saw, or null when none did
   */
  @Nullable String foundWithin(int seeds) throws Exception {
    var loader = new Loader(compiled());
    var run = loader.loadClass(Sim.class.getName()).getDeclaredMethod("broken", long.class);
    run.setAccessible(true);
    for (long seed = 1; seed <= seeds; seed++) {
      Object broken = run.invoke(null, seed);
      if (broken != null) return "seed %d: %s".formatted(seed, broken);
    }
    return null;
  }

  /** What a test without arguments, which passes without the bug, says of it; null: nothing. */
  @Nullable Throwable failureOf(Class<?> tests, String test) throws Exception {
    var type = new Loader(compiled()).loadClass(tests.getName());
    var constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    var method = type.getDeclaredMethod(test);
    method.setAccessible(true);
    try {
      method.invoke(constructor.newInstance());
      return null;
    } catch (InvocationTargetException e) {
      return e.getCause();
    }
  }

  private Map<String, byte[]> compiled() throws IOException {
    String source = Files.readString(SOURCES.resolve(file));
    int at = source.indexOf(original);
    if (at < 0 || source.indexOf(original, at + 1) >= 0) {
      throw new AssertionError("%s: the original text stands not once in %s".formatted(name, file));
    }
    String mutated = source.replace(original, replacement);
    var compiler = ToolProvider.getSystemJavaCompiler();
    var text =
        new SimpleJavaFileObject(
            URI.create("string:///io/prunella/" + file), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return mutated;
          }
        };
    try (var files = new InMemory(compiler.getStandardFileManager(null, null, null))) {
      var options =
          List.of(
              "-proc:none", "-parameters", "-nowarn", "-cp", System.getProperty("java.class.path"));
      if (!compiler.getTask(null, files, null, options, null, List.of(text)).call()) {
        throw new AssertionError("%s does not compile".formatted(name));
      }
      var classes = new HashMap<String, byte[]>();
      files.written.forEach((type, bytes) -> classes.put(type, bytes.toByteArray()));
      return classes;
    }
  }

  private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
    final Map<String, ByteArrayOutputStream> written = new HashMap<>();

    InMemory(JavaFileManager real) {
      super(real);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String type, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("mem:///" + type), kind) {
        @Override
        public OutputStream openOutputStream() {
          return written.computeIfAbsent(type, _ -> new ByteArrayOutputStream());
        }
      };
    }
  }

  /** Loads the project's classes anew, the mutated ones among them; libraries are shared. */
  private static final class Loader extends ClassLoader {
    private final Map<String, byte[]> mutated;

    Loader(Map<String, byte[]> mutated) {
      super(Mutant.class.getClassLoader());
      this.mutated = mutated;
    }

    @Override
    protected Class<?> loadClass(String type, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(type)) {
        Class<?> known = findLoadedClass(type);
        if (known != null) return known;
        if (!type.startsWith("io.prunella.")) return super.loadClass(type, resolve);
        byte[] bytes = mutated.get(type);
        if (bytes == null) bytes = read(type);
        return defineClass(type, bytes, 0, bytes.length);
      }
    }

    private byte[] read(String type) throws ClassNotFoundException {
      String path = type.replace('.', '/') + ".class";
      try (InputStream in = getParent().getResourceAsStream(path)) {
        if (in == null) throw new ClassNotFoundException(type);
        return in.readAllBytes();
      } catch (IOException e) {
        throw new ClassNotFoundException(type, e);
      }
    }
  }
}
