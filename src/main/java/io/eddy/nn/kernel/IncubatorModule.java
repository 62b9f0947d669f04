package io.eddy.nn.kernel;

/**
 * The JDK's module {@code jdk.incubator.vector}.
 *
 * <p>{@code --add-modules jdk.incubator.vector} makes the JVM print a warning at every start. The
 * module is therefore loaded at run time, as the JDK loads its own optional modules, which needs
 * the package {@code jdk.internal.module}: the manifest of the jar exports it ({@code
 * Add-Exports}). Where it is not exported, the module is available only with {@code --add-modules}.
 *
 * <p>The system property {@code eddy.vectors} or the environment variable {@code EDDY_VECTORS} with
 * the value {@code off} disables the module.
 */
final class IncubatorModule {
  private static final String NAME = "jdk.incubator.vector";

  private IncubatorModule() {}

  /** Returns whether the module can be used; loads it if necessary. */
  static boolean isAvailable() {
    if (isDisabled()) {
      return false;
    }
    return ModuleLayer.boot().findModule(NAME).isPresent() || load();
  }

  private static boolean isDisabled() {
    String value = System.getProperty("eddy.vectors");
    return "off".equals(value == null ? System.getenv("EDDY_VECTORS") : value);
  }

  private static boolean load() {
    try {
      Class.forName("jdk.internal.module.Modules")
          .getMethod("loadModule", String.class)
          .invoke(null, NAME);
      return true;
    } catch (ReflectiveOperationException | LinkageError e) {
      // This Java does not have the module, or does not export the loader.
      return false;
    }
  }
}
