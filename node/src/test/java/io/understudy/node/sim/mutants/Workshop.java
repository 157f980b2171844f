package io.understudy.node.sim.mutants;

import com.google.common.base.Splitter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Makes mutants: replaces the text, compiles that one file in memory against the built classes, and
 * loads core and simulation anew around it, so that nothing of the real core is left in the run.
 */
final class Workshop {
  private static final String ROOT = "io.understudy.node.";
  private static final List<String> RELOADED =
      List.of(ROOT + "core.", ROOT + "sim.", ROOT + "loop.EpochGuard", ROOT + "spi.LeaseGuard");

  private Workshop() {}

  /** What the simulation finds wrong with the mutant, or nothing if it survives. */
  static String hunt(Mutant mutant, long seedsMax)
      throws IOException, ReflectiveOperationException {
    Map<String, byte[]> classes = compile(mutant);
    Class<?> hunt = Class.forName(ROOT + "sim.Hunt", true, new Loader(classes));
    try {
      return (String) hunt.getMethod("hunt", long.class).invoke(null, seedsMax);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("the hunt for the mutant '" + mutant + "' failed", e);
    }
  }

  /** The files that the mutant changes, by name. */
  private static Map<String, String> mutated(Mutant mutant) throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    for (Mutant.Edit edit : mutant.edits()) {
      String known = files.get(edit.file());
      String source = known == null ? Files.readString(path(edit.file())) : known;
      int places = Splitter.on(edit.from()).splitToList(source).size() - 1;
      if (places != 1) {
        throw new AssertionError(
            "the text of the mutant '%s' stands %d times in %s (expected: once): write it anew: %s"
                .formatted(mutant, places, edit.file(), edit.from()));
      }
      files.put(edit.file(), source.replace(edit.from(), edit.to()));
    }
    return files;
  }

  private static Path path(String file) {
    Path main = Path.of("src/main/java/io/understudy/node", file);
    return Files.exists(main) ? main : Path.of("src/test/java/io/understudy/node", file);
  }

  private static Map<String, byte[]> compile(Mutant mutant) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    List<Source> sources = new ArrayList<>();
    for (Map.Entry<String, String> file : mutated(mutant).entrySet()) {
      sources.add(new Source(file.getKey(), file.getValue()));
    }
    try (StandardJavaFileManager files = compiler.getStandardFileManager(diagnostics, null, null);
        Memory memory = new Memory(files)) {
      boolean compiled =
          compiler
              .getTask(
                  null,
                  memory,
                  diagnostics,
                  List.of("-proc:none", "-nowarn", "-cp", classPath()),
                  null,
                  sources)
              .call();
      if (!compiled) {
        throw new AssertionError(
            "the mutant '" + mutant + "' does not compile: " + diagnostics.getDiagnostics());
      }
      return memory.classes();
    }
  }

  /** Where the classes that core and simulation use were loaded from. */
  private static String classPath() {
    Set<String> places = new LinkedHashSet<>();
    for (Class<?> sample :
        List.of(
            io.understudy.node.core.model.Now.class,
            Workshop.class,
            Splitter.class,
            com.google.errorprone.annotations.Immutable.class,
            Nullable.class)) {
      CodeSource source = sample.getProtectionDomain().getCodeSource();
      places.add(Path.of(URI.create(source.getLocation().toString())).toString());
    }
    return places.stream().collect(Collectors.joining(System.getProperty("path.separator")));
  }

  /** Loads the mutated classes, and everything that must see them, itself. */
  private static final class Loader extends ClassLoader {
    private final Map<String, byte[]> mutated;

    Loader(Map<String, byte[]> mutated) {
      super(Workshop.class.getClassLoader());
      this.mutated = mutated;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (RELOADED.stream().noneMatch(name::startsWith)) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? define(name) : loaded;
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      byte[] code = mutated.get(name);
      if (code == null) {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
          if (in == null) {
            throw new ClassNotFoundException(name);
          }
          code = in.readAllBytes();
        } catch (IOException e) {
          throw new ClassNotFoundException(name, e);
        }
      }
      return defineClass(name, code, 0, code.length);
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String file, String text) {
      super(URI.create("memory:///io/understudy/node/" + file), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class Compiled extends SimpleJavaFileObject {
    private final String name;
    private final ByteArrayOutputStream code = new ByteArrayOutputStream();

    Compiled(String name) {
      super(URI.create("memory:///" + name.replace('.', '/') + ".class"), Kind.CLASS);
      this.name = name;
    }

    @Override
    public OutputStream openOutputStream() {
      return code;
    }
  }

  private static final class Memory extends ForwardingJavaFileManager<StandardJavaFileManager> {
    private final List<Compiled> compiled = new ArrayList<>();

    Memory(StandardJavaFileManager files) {
      super(files);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        JavaFileManager.Location location,
        String name,
        JavaFileObject.Kind kind,
        @Nullable FileObject sibling) {
      Compiled file = new Compiled(name);
      compiled.add(file);
      return file;
    }

    Map<String, byte[]> classes() {
      Map<String, byte[]> classes = new HashMap<>();
      compiled.forEach(file -> classes.put(file.name, file.code.toByteArray()));
      return classes;
    }
  }
}
