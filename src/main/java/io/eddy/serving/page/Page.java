package io.eddy.serving.page;

import io.eddy.serving.http.Access;
import io.eddy.serving.http.HttpListener;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;

/**
 * The page at {@code /}: its start file, its scripts and styles under {@code /static/}, and the
 * chart library under {@code /webjars/uplot/}. The files hold no data, so that they need no token.
 * Only the files named here are served, whatever a request's path is.
 */
public final class Page {
  private static final String FOLDER = "io/eddy/serving/page/";
  private static final String START = "index.html";
  static final List<String> FILES =
      List.of(
          "chart.js",
          "client.js",
          "dom.js",
          "favicon.svg",
          "format.js",
          "main.js",
          "page.css",
          "panels.js",
          "series-data.js",
          "series-list.js",
          "theme.js");
  private static final String UPLOT_PROPERTIES =
      "META-INF/maven/org.webjars.npm/uplot/pom.properties";
  private static final List<String> UPLOT_FILES = List.of("uPlot.esm.js", "uPlot.min.css");

  private Page() {}

  /** Adds the page's files to a server. */
  public static void addTo(HttpListener listener) {
    add(listener, "/", FOLDER + START);
    for (String name : FILES) {
      add(listener, "/static/" + name, FOLDER + name);
    }
    String uplot = "META-INF/resources/webjars/uplot/" + uplotVersion() + "/dist/";
    for (String name : UPLOT_FILES) {
      add(listener, "/webjars/uplot/" + name, uplot + name);
    }
  }

  private static void add(HttpListener listener, String path, String resource) {
    StaticFile file = StaticFile.of(resource, read(resource));
    listener.add(path, Access.OPEN, file::respond);
  }

  /** Returns the version of the chart library on the class path, which is part of its paths. */
  private static String uplotVersion() {
    Properties properties = new Properties();
    try (InputStream input = open(UPLOT_PROPERTIES)) {
      properties.load(input);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }

  private static byte[] read(String resource) {
    try (InputStream input = open(resource)) {
      return input.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String resource) {
    InputStream input = Page.class.getClassLoader().getResourceAsStream(resource);
    if (input == null) {
      throw new IllegalStateException(resource + " is missing on the class path");
    }
    return input;
  }
}
