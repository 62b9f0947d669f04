package io.eddy.serving.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.serving.http.HttpException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesPathTest {
  @ParameterizedTest
  @CsvSource({
    "sensor-1, sensor-1, false",
    "sensor-1/stream, sensor-1, true",
    "plant-7%2Fline%201, plant-7/line 1, false",
    "plant-7/line%201, plant-7/line 1, false",
    "plant-7/line%201/stream, plant-7/line 1, true",
    "x%2Fstream, x/stream, false",
    "x%2Fstream/stream, x/stream, true",
    "stream, stream, false",
    "a+b%2B%25, a+b+%, false",
    "H%C3%B6he%F0%9F%8C%A1, Höhe🌡, false",
    "%2e%2E, .., false"
  })
  void parsesNames(String path, String name, boolean isStream) {
    assertThat(SeriesPath.parse("/api/series/" + path)).isEqualTo(new SeriesPath(name, isStream));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/stream", "%", "%4", "%zz", "a%", "%FF", "%C3", "%ED%A0%80"})
  void rejectsWhatIsNoName(String path) {
    assertThatThrownBy(() -> SeriesPath.parse("/api/series/" + path))
        .isInstanceOf(HttpException.class)
        .satisfies(e -> assertThat(((HttpException) e).status()).isEqualTo(400));
  }

  @Test
  void parsesWhatItEncodes() {
    String name = "plant-7/line 1+\"\\\n\u0000%&?#Höhe🌡/stream";

    assertThat(SeriesPath.parse("/api/series/" + SeriesPath.encode(name)).name()).isEqualTo(name);
  }
}
