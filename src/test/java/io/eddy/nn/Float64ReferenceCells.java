package io.eddy.nn;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Compiles the source of the kernels and cells with float64 in place of float32, in memory. Types,
 * literals and matrices are widened, and tanh and exp are the JDK's, so that finite differences
 * check the statements that train.
 */
public final class Float64ReferenceCells {
  private static final Path ROOT = Path.of("src/main/java/io/eddy");
  private static final String PACKAGE = "io.eddy.nn.float64";
  private static final List<String> CLASSES =
      List.of(
          "nn/Backpropagation",
          "nn/CellKind",
          "nn/CellStack",
          "nn/Cells",
          "nn/LayerInput",
          "nn/LayerParameters",
          "nn/LayerProducts",
          "nn/LayerTape",
          "nn/Linear",
          "nn/OuterProducts",
          "nn/StackState",
          "nn/Workspace",
          "nn/kernel/ActivationFunctions",
          "nn/kernel/Cell",
          "nn/kernel/DiagonalTransition",
          "nn/kernel/ElmanCell",
          "nn/kernel/Frame",
          "nn/kernel/GruCell",
          "nn/kernel/IncubatorModule",
          "nn/kernel/Kernel",
          "nn/kernel/LruCell",
          "nn/kernel/LstmCell",
          "nn/kernel/PlainKernel",
          "nn/kernel/PlainProduct",
          "nn/kernel/Product",
          "nn/kernel/RowMatrix",
          "nn/kernel/Step",
          "nn/kernel/SlstmCell");

  private Float64ReferenceCells() {}

  /** Compiles the kernels with one more class of the same package and returns that class. */
  static Class<?> compiledWith(String name, String source) {
    return compiledWith(name, source, List.of());
  }

  /**
   * Compiles the kernels with further source files, given as {@code package/Class}, and one more
   * class. Returns that class.
   */
  public static Class<?> compiledWith(String name, String source, List<String> sourceFiles) {
    List<JavaFileObject> sources = new ArrayList<>();
    List<String> files = new ArrayList<>(sourceFiles);
    files.addAll(CLASSES);
    for (String file : files) {
      String text = widened(file);
      for (String other : files) {
        text = text.replace("import io.eddy." + other.replace('/', '.') + ";\n", "");
      }
      sources.add(new Source(file.substring(file.lastIndexOf('/') + 1), text));
    }
    sources.add(new Source(name, "package " + PACKAGE + ";\n" + source));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Map<String, ByteArrayOutputStream> classes = new HashMap<>();
    StringWriter messages = new StringWriter();
    try (JavaFileManager manager =
        new InMemory(compiler.getStandardFileManager(null, null, null), classes)) {
      List<String> options =
          List.of("-proc:none", "-classpath", System.getProperty("java.class.path", ""));
      if (!compiler.getTask(messages, manager, null, options, null, sources).call()) {
        throw new AssertionError("the kernel does not compile in float64:\n" + messages);
      }
      return new Loader(classes).loadClass(PACKAGE + "." + name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static String widened(String name) {
    String source;
    try {
      source = Files.readString(ROOT.resolve(name + ".java"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String wide =
        source
            .replaceFirst(
                "(?m)^package [a-z.]+;",
                "package " + PACKAGE + "; import io.eddy.model.*; import io.eddy.series.*;")
            .replaceAll("\\bfloat\\b", "double")
            .replaceAll("(?<=[0-9])f\\b", "d")
            .replace("Float.isNaN", "Double.isNaN")
            .replace("nextFloat", "nextDouble")
            .replace("FMatrixRMaj", "DMatrixRMaj")
            .replace("CommonOps_FDRM", "CommonOps_DDRM");
    return switch (name) {
      case "nn/kernel/ActivationFunctions" ->
          withBody(
              withBody(
                  withBody(
                      withBody(wide, "tanh(double value)", "Math.tanh(value)"),
                      "exp(double value)",
                      "Math.exp(value)"),
                  "powerOfTwo(double shifted)",
                  "Double.NaN"),
              "log1p(double u)",
              "Math.log1p(u)");
      case "model/Exponential" -> withBody(wide, "value(double number)", "Math.exp(number)");
      default -> wide;
    };
  }

  /** Replaces the body of a static function of float64. */
  private static String withBody(String source, String signature, String result) {
    Pattern function =
        Pattern.compile(
            "(static double " + Pattern.quote(signature) + " \\{).*?\\n  }\\n", Pattern.DOTALL);
    String replaced = function.matcher(source).replaceFirst("$1 return " + result + "; }\n");
    if (replaced.equals(source)) {
      throw new AssertionError("function not found: " + signature);
    }
    return replaced;
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String name, String text) {
      super(
          URI.create("string:///" + PACKAGE.replace('.', '/') + "/" + name + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> classes;

    InMemory(JavaFileManager files, Map<String, ByteArrayOutputStream> classes) {
      super(files);
      this.classes = classes;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("memory:///" + className), kind) {
        @Override
        public OutputStream openOutputStream() {
          return classes.computeIfAbsent(className, any -> new ByteArrayOutputStream());
        }
      };
    }
  }

  private static final class Loader extends ClassLoader {
    private final Map<String, ByteArrayOutputStream> classes;

    Loader(Map<String, ByteArrayOutputStream> classes) {
      super(Float64ReferenceCells.class.getClassLoader());
      this.classes = classes;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      ByteArrayOutputStream bytes = classes.get(name);
      if (bytes == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, bytes.toByteArray(), 0, bytes.size());
    }
  }
}
