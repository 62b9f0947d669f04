package io.eddy.demo;

import io.eddy.cli.terminal.Console;
import io.eddy.model.Model;
import java.util.List;
import java.util.Locale;

/** Prints the result of the demo. */
final class DemoReport {
  private DemoReport() {}

  static void print(Console console, ForecastLedger ledger, List<Model> models) {
    console.println("");
    console.println("  events in         %,12d", ledger.events());
    console.println("  forecasts out     %,12d", ledger.forecasts());
    console.println("  lost              %,12d", ledger.missing());
    console.println("  duplicated        %,12d", ledger.duplicates());
    console.println(
        "  event to forecast %,9.0f ms median, %,.0f ms 99th percentile",
        ledger.latencyMs(0.5), ledger.latencyMs(0.99));
    console.println("");
    console.println("  version       cell  forecasts  mean absolute error    seasonal naive");
    ledger
        .versions()
        .forEach(
            (version, account) ->
                console.println(
                    "  %s  %-4s  %,9d  %s",
                    version.shortSha(),
                    models.stream()
                        .filter(model -> model.version().equals(version))
                        .map(model -> model.specification().network().cell().id())
                        .findFirst()
                        .orElse(""),
                    account.forecasts(),
                    describeErrors(account)));
    console.println("");
  }

  private static String describeErrors(ForecastLedger.Account account) {
    return account.points() == 0
        ? "           not measured"
        : String.format(
            Locale.ROOT,
            "%19.4g  %16.4g  (%.0f %%)",
            account.meanAbsoluteError(),
            account.seasonalNaiveError(),
            100 * account.meanAbsoluteError() / account.seasonalNaiveError());
  }
}
