package io.eddy.cli.plot;

import com.github.weisj.jsvg.SVGDocument;
import com.github.weisj.jsvg.parser.LoaderContext;
import com.github.weisj.jsvg.parser.SVGLoader;
import com.github.weisj.jsvg.view.ViewBox;
import io.eddy.cli.terminal.OutputFile;
import io.eddy.cli.terminal.UsageException;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import javax.imageio.ImageIO;

/** Writes a plot to a file: as SVG, or as PNG at twice the size, depending on the file's ending. */
public final class PlotFile {
  private static final int PNG_SCALE = 2;

  private PlotFile() {}

  /**
   * Checks that a plot can be written.
   *
   * @param option option that names the file, for the message
   * @throws UsageException if the file ends in neither {@code .svg} nor {@code .png}, or cannot be
   *     created
   */
  public static void require(String option, Path file) {
    if (!isPng(file) && !hasEnding(file, ".svg")) {
      throw new UsageException(
          "%s: expected a file that ends in .svg or .png, got %s".formatted(option, file));
    }
    OutputFile.requireFolder(file);
  }

  /** Writes an SVG document in the format of the file's ending. */
  public static void write(Path file, String svg) {
    if (isPng(file)) {
      OutputFile.write(file, png(svg));
    } else {
      OutputFile.write(file, writer -> writer.write(svg));
    }
  }

  private static boolean isPng(Path file) {
    return hasEnding(file, ".png");
  }

  private static boolean hasEnding(Path file, String ending) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(ending);
  }

  /** Renders an SVG document without a display. */
  static byte[] png(String svg) {
    System.setProperty("java.awt.headless", "true");
    SVGDocument document =
        Objects.requireNonNull(
            new SVGLoader()
                .load(
                    new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)),
                    null,
                    LoaderContext.createDefault()));
    int width = Math.round(document.viewBox().width * PNG_SCALE);
    int height = Math.round(document.viewBox().height * PNG_SCALE);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    try {
      document.render((java.awt.Component) null, graphics, new ViewBox(width, height));
    } catch (InternalError | NoClassDefFoundError | UnsatisfiedLinkError e) {
      throw new IllegalStateException(
          "PNG needs a font, and Java found none: install fontconfig and a font such as DejaVu, or"
              + " write .svg",
          e);
    } finally {
      graphics.dispose();
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new IllegalStateException("an in-memory buffer does not fail", e);
    }
    return out.toByteArray();
  }
}
