package io.eddy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eddy.embedded.EmbeddedBroker;
import io.eddy.kafka.Forecaster;
import io.eddy.kafka.config.Deployment;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.config.HttpSettings;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.config.StreamSettingsBuilder;
import io.eddy.kafka.config.ThreadSettings;
import io.eddy.kafka.event.EventEncoder;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.rocksdb.RocksDbSettings;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import io.eddy.rollout.RollbackRules;
import io.eddy.series.Observation;
import io.eddy.serving.ForecasterServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** The page in a browser, over a forecaster and a broker. */
@Timeout(120)
final class PageIT {
  private static final String MODEL = "page";
  private static final byte[] FILE = Models.file(Models.specification(CellKind.GRU, 8, 24), 1);
  private static final String SERIES = "plant-7/line 1";
  private static final String OTHER = "plant-8/line ü";
  private static final int HISTORY_STEPS = 40;
  private static final String TOKEN = "a-token-of-16-characters";

  @TempDir static Path folder;
  private static @Nullable EmbeddedBroker broker;
  private static EddyConfig config;
  private static Forecaster forecaster;
  private static ForecasterServer server;
  private static KafkaProducer<byte[], byte[]> producer;
  private static @Nullable Chromium browser;
  private static int nextStep;

  @BeforeAll
  static void start() throws Exception {
    browser = Chromium.start();
    broker = EmbeddedBroker.start();
    Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
    try (TopicAdmin admin = new TopicAdmin(client)) {
      admin.create(TopicNames.DEFAULT, 1);
    }
    ModelRegistry registry = new ModelRegistry(client, TopicNames.DEFAULT);
    registry.publisher().publish(MODEL, FILE);
    registry.rollout().activate(MODEL, ModelVersion.of(FILE), null, "first version");
    producer = new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
    for (int step = 0; step < HISTORY_STEPS; step++) {
      sendStep();
    }
    sendInvalid();
    StreamSettings settings = StreamSettingsBuilder.settings(MODEL).build();
    config =
        new EddyConfig(
            settings,
            new Deployment(
                "page",
                folder.toString(),
                ThreadSettings.of(1),
                client,
                RollbackRules.DEFAULT,
                RocksDbSettings.DEFAULT),
            HttpSettings.OFF);
    forecaster = new Forecaster(settings, config.deployment());
    server = serve(0, null);
    forecaster.start();
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
    if (broker != null) {
      producer.close();
      server.close();
      forecaster.close();
      broker.close();
    }
  }

  @BeforeEach
  void resetBrowser() {
    browser().driver().get("about:blank");
    browser().resize(1400, 900);
    browser().preferColours("light");
    browser().console();
  }

  @Test
  void drawsForecastOfLinkedSeries() {
    open(SERIES);

    awaitDrawing();
    assertThat(text("state")).isEqualTo("running");
    assertThat(text("link")).isEqualTo("live");
    assertThat(text("name")).isEqualTo(SERIES);
    assertThat(text("about")).contains(ModelVersion.of(FILE).shortSha(), "epoch 1", "horizon 4 h");
    assertThat(text("legend"))
        .contains("observed", "median", "80 % bands", "seasonal naive", "past forecasts");
    assertThat(text("zone")).startsWith("Time in ");
    awaitText("versions", ModelVersion.of(FILE).shortSha());
    awaitText("flow", "Dead letters 1");
    element("table").findElement(By.tagName("summary")).click();
    assertThat(element("forecast").findElements(By.cssSelector("tbody tr"))).hasSize(4);
    assertCleanAndLocal();
  }

  @Test
  void selectsFirstSeriesWithoutLink() {
    browser().driver().get(server.url().orElseThrow() + "/");

    awaitDrawing();
    assertThat(text("name")).isEqualTo(SERIES);
    assertThat(browser().driver().getCurrentUrl()).endsWith("/#series=plant-7%2Fline%201");
    assertCleanAndLocal();
  }

  @Test
  void searchSelectsByKeyboard() {
    open(SERIES);
    awaitDrawing();

    keys("/");
    assertThat(browser().driver().switchTo().activeElement().getDomAttribute("id"))
        .isEqualTo("search");
    keys("plant-8");
    await().untilAsserted(() -> assertThat(options()).containsExactly(OTHER));
    keys(Keys.ARROW_DOWN);
    assertThat(element("search").getDomAttribute("aria-activedescendant")).isEqualTo("series-0");
    keys(Keys.ENTER);

    await().untilAsserted(() -> assertThat(text("name")).isEqualTo(OTHER));
    awaitDrawing();
    assertThat(browser().driver().getTitle()).isEqualTo(OTHER + " · Eddy");
    browser().driver().navigate().back();
    await().untilAsserted(() -> assertThat(text("name")).isEqualTo(SERIES));
    assertCleanAndLocal();
  }

  @Test
  void arrowKeysReadOutValues() {
    open(SERIES);
    awaitDrawing();

    browser().script("document.getElementById('chart').focus(); return 1");
    keys(Keys.ARROW_RIGHT);

    assertThat(text("tip")).contains("+1 h", "median", "80 % band", "…");
    assertThat(element("spoken").getDomProperty("textContent")).contains("median");
    keys("+");
    assertThat(element("reset").isDisplayed()).isTrue();
    keys(Keys.ESCAPE);
    assertThat(element("reset").isDisplayed()).isFalse();
    assertThat(element("tip").isDisplayed()).isFalse();
    assertCleanAndLocal();
  }

  @Test
  void dragZoomsAndDoubleClickResets() {
    open(SERIES);
    awaitDrawing();
    WebElement chart = element("chart");

    new Actions(browser().driver())
        .moveToElement(chart, -200, 0)
        .clickAndHold()
        .moveByOffset(150, 0)
        .release()
        .perform();
    assertThat(element("reset").isDisplayed()).isTrue();
    new Actions(browser().driver()).doubleClick(chart).perform();

    await().untilAsserted(() -> assertThat(element("reset").isDisplayed()).isFalse());
    assertCleanAndLocal();
  }

  @Test
  void showsEventWithinTwoSeconds() {
    open(SERIES);
    awaitDrawing();
    String before = text("latest");
    Object drawing = drawing();

    double value = sendStep();

    await()
        .atMost(Duration.ofSeconds(2))
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(
            () -> {
              assertThat(text("latest")).isNotEqualTo(before);
              assertThat(Double.parseDouble(text("last-value"))).isEqualTo(value);
              assertThat(drawing()).isNotEqualTo(drawing);
            });
    assertCleanAndLocal();
  }

  @Test
  void reconnectsToRestartedServer() {
    open(SERIES);
    awaitDrawing();
    int port = server.port();

    server.close();
    await().untilAsserted(() -> assertThat(text("link")).isEqualTo("reconnecting"));
    await().untilAsserted(() -> assertThat(text("state")).isEqualTo("no answer"));
    double missed = sendStep();
    server = serve(port, null);

    await().untilAsserted(() -> assertThat(text("link")).isEqualTo("live"));
    await()
        .untilAsserted(() -> assertThat(Double.parseDouble(text("last-value"))).isEqualTo(missed));
    assertThat(text("state")).isEqualTo("running");
    double value = sendStep();
    await()
        .untilAsserted(() -> assertThat(Double.parseDouble(text("last-value"))).isEqualTo(value));
    assertThat(browser().console())
        .allMatch(message -> message.contains("Failed to load resource"));
  }

  @Test
  void followsColoursOfSystemAndToggle() {
    open(SERIES);
    awaitDrawing();
    Object light = background();

    browser().preferColours("dark");
    Object dark = background();
    element("theme").click();
    Object chosen = background();
    browser().driver().navigate().refresh();
    awaitDrawing();

    assertThat(dark).isNotEqualTo(light);
    assertThat(chosen).isEqualTo(light);
    assertThat(background()).isEqualTo(light);
    browser().script("localStorage.clear(); return 1");
    assertCleanAndLocal();
  }

  @ParameterizedTest
  @ValueSource(ints = {360, 375})
  void fitsNarrowScreens(int width) {
    browser().resize(width, 800);
    open(SERIES);
    awaitDrawing();

    assertThat(
            browser()
                .script(
                    "const root = document.documentElement; return root.scrollWidth -"
                        + " root.clientWidth"))
        .isEqualTo(0L);
    element("search").click();
    await().untilAsserted(() -> assertThat(options()).contains(OTHER));
    element("series").findElement(By.cssSelector("[data-name='" + OTHER + "']")).click();
    await().untilAsserted(() -> assertThat(text("name")).isEqualTo(OTHER));
    assertCleanAndLocal();
  }

  @Test
  void saysThatSeriesIsUnknown() {
    open("plant-9/<b>");

    awaitText("empty", "The series “plant-9/<b>” is unknown.");
    awaitText("link", "live");
    assertThat(options()).contains(SERIES);
    assertThat(text("state")).isEqualTo("running");
  }

  @Test
  void asksForToken() {
    try (ForecasterServer locked = serve(0, new Password(TOKEN))) {
      browser().driver().get(locked.url().orElseThrow() + "/");
      await().untilAsserted(() -> assertThat(element("token").isDisplayed()).isTrue());

      element("token").sendKeys("wrong", Keys.ENTER);
      awaitText("login-error", "rejected");
      element("token").sendKeys(TOKEN, Keys.ENTER);

      awaitDrawing();
      assertThat(element("login").isDisplayed()).isFalse();
      browser().driver().navigate().refresh();
      awaitDrawing();
      assertThat(element("login").isDisplayed()).isFalse();
    }
  }

  @Test
  void saysThatNoVersionIsActive() {
    try (ForecasterServer waiting = ForecasterServer.open(withHttp(0, null))) {
      waiting.waitForActivation(MODEL);
      browser().driver().get(waiting.url().orElseThrow() + "/");

      awaitText("state", "waiting for a model");
      awaitText("notice", "eddy models activate VERSION");
      waiting.serve(forecaster);
      awaitDrawing();
      awaitText("state", "running");
      assertThat(element("notice").isDisplayed()).isFalse();
    }
  }

  private static ForecasterServer serve(int port, @Nullable Password token) {
    ForecasterServer opened = ForecasterServer.open(withHttp(port, token));
    opened.serve(forecaster);
    return opened;
  }

  private static EddyConfig withHttp(int port, @Nullable Password token) {
    HttpSettings http = new HttpSettings(new HttpSettings.Address("127.0.0.1", port), token, null);
    return new EddyConfig(config.stream(), config.deployment(), http);
  }

  /** Sends the next step of all series; returns the value of {@link #SERIES}. */
  private static double sendStep() {
    double value = 50 + 10 * StrictMath.sin(nextStep / 4.0) + nextStep / 100.0;
    double rounded = Math.rint(value * 1000) / 1000;
    long atMs = (1000 + nextStep++) * Models.INTERVAL.toMillis();
    EventEncoder encoder = new EventEncoder(EventFormat.JSON);
    for (String series : List.of(SERIES, OTHER)) {
      send(series, encoder.encode(new Observation(series, atMs, rounded)), atMs);
    }
    return rounded;
  }

  private static void sendInvalid() {
    send(SERIES, "{".getBytes(StandardCharsets.UTF_8), 0);
  }

  private static void send(String series, byte[] value, long atMs) {
    byte[] key = series.getBytes(StandardCharsets.UTF_8);
    var unused =
        producer.send(new ProducerRecord<>(TopicNames.DEFAULT.events(), null, atMs, key, value));
  }

  private static void open(String series) {
    browser().driver().get(server.url().orElseThrow() + "/");
    browser()
        .script("location.hash = 'series=' + encodeURIComponent(arguments[0]); return 1", series);
  }

  /** Waits for a chart with at least four colours: text, lines, bands and background. */
  private static void awaitDrawing() {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat((Long) drawing("new Set(colours).size"))
                    .as(() -> text("link") + ", " + text("view"))
                    .isGreaterThanOrEqualTo(20));
  }

  /** Returns a number that changes with the picture. */
  private static Chromium browser() {
    return Objects.requireNonNull(browser, "not started");
  }

  private static Object drawing() {
    return drawing("colours.reduce((hash, colour) => (31 * hash + colour) | 0, 7)");
  }

  private static Object drawing(String result) {
    // Reading the chart's own canvas would make Chromium draw it in another way.
    return browser()
        .script(
            """
        const canvas = document.querySelector("#chart canvas");
        if (canvas === null) {
          return 0;
        }
        const { width, height } = canvas;
        const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
        copy.drawImage(canvas, 0, 0);
        const colours = new Uint32Array(copy.getImageData(0, 0, width, height).data.buffer);
        """
                + "return "
                + result);
  }

  private static Object background() {
    return browser().script("return getComputedStyle(document.documentElement).backgroundColor");
  }

  private static WebElement element(String id) {
    return browser().driver().findElement(By.id(id));
  }

  private static String text(String id) {
    try {
      return element(id).getText();
    } catch (StaleElementReferenceException e) {
      // The page replaced the element after it was found.
      return element(id).getText();
    }
  }

  private static void awaitText(String id, String text) {
    await().untilAsserted(() -> assertThat(text(id)).contains(text));
  }

  private static List<String> options() {
    List<?> names =
        (List<?>)
            browser()
                .script(
                    """
                return [...document.querySelectorAll("#series [role=option] .name")]
                  .map((name) => name.textContent)""");
    return names.stream().map(String::valueOf).toList();
  }

  private static void keys(CharSequence keys) {
    new Actions(browser().driver()).sendKeys(keys).perform();
  }

  /** Checks that the console is empty and that all requests went to this server. */
  private static void assertCleanAndLocal() {
    assertThat(browser().console()).isEmpty();
    assertThat(
            browser()
                .script(
                    """
                return performance.getEntriesByType("resource").map((entry) => entry.name)
                  .filter((name) => !name.startsWith(location.origin + "/"))\
                """))
        .isEqualTo(List.of());
  }
}
