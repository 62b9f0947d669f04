package io.eddy.cli.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.Table;
import io.eddy.cli.terminal.UsageException;
import io.eddy.dataset.SeriesData;
import io.eddy.model.Member;
import io.eddy.model.Model;
import io.eddy.training.GradientByLag;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The gradient by lag of every member of some models, as tables and as JSON. */
public final class GradientReport {
  private static final int SINGLE_STEPS = 8;

  private final Map<String, GradientByLag> curves = new LinkedHashMap<>();
  private final List<Curve> json = new ArrayList<>();

  private GradientReport() {}

  /** A curve as JSON, with one value for each lag from 0 on. */
  private record Curve(
      String version,
      @JsonInclude(Include.NON_NULL) @Nullable Integer member,
      String cell,
      int series,
      String summary,
      List<Double> median,
      List<Double> min,
      List<Double> max) {}

  /**
   * Computes the curves.
   *
   * @param series observations with the covariates of all models
   * @param steps maximum lag
   */
  public static GradientReport of(List<Model> models, List<SeriesData> series, int steps) {
    GradientReport report = new GradientReport();
    for (Model model : models) {
      for (int i = 0; i < model.members().size(); i++) {
        report.add(model, i, series, steps);
      }
    }
    return report;
  }

  private void add(Model model, int index, List<SeriesData> series, int steps) {
    Member member = model.member(index);
    String cell = member.specification().network().cell().id();
    boolean isSingle = model.members().size() == 1;
    String name =
        "%s, version %s%s"
            .formatted(cell, model.version().shortSha(), isSingle ? "" : ", member " + index);
    GradientByLag curve =
        GradientByLag.of(
            member,
            series.stream().map(data -> data.stepped(member.specification().sampling())).toList(),
            steps);
    if (curves.put(name, curve) != null) {
      throw new UsageException("%s is given twice".formatted(name));
    }
    json.add(
        new Curve(
            model.version().sha(),
            isSingle ? null : index,
            cell,
            curve.series(),
            curve.describe(),
            values(curve, curve::median),
            values(curve, curve::min),
            values(curve, curve::max)));
  }

  private static List<Double> values(GradientByLag curve, IntToDoubleFunction value) {
    return IntStream.rangeClosed(0, curve.steps()).mapToDouble(value).boxed().toList();
  }

  /** Returns the curves by a name with cell, version and member. */
  public Map<String, GradientByLag> curves() {
    return curves;
  }

  /** Prints a table for each curve. */
  public void print(Console console) {
    curves.forEach((name, curve) -> print(console, name, curve));
  }

  private static void print(Console console, String name, GradientByLag curve) {
    console.println("%s, at the end of %d series: %s", name, curve.series(), curve.describe());
    Table table = new Table().right("steps back").right("median").right("min").right("max");
    int last = curve.steps();
    for (int k = 0; k <= last; k = next(k, last)) {
      table.row(k, number(curve.median(k)), number(curve.min(k)), number(curve.max(k)));
    }
    table.print(console);
  }

  /** Returns the next lag of the table; distances grow with the lag. */
  private static int next(int k, int last) {
    return k < SINGLE_STEPS || k == last ? k + 1 : Math.min(last, k * 5 / 4);
  }

  /** Returns the curve as a JSON object, or several curves as an array. */
  public String json() {
    return Json.write(json.size() == 1 ? json.get(0) : json);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.5g", value);
  }
}
