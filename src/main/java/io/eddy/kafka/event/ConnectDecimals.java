package io.eddy.kafka.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Kafka Connect's decimals: an unscaled integer in two's complement, big-endian, and a scale. */
final class ConnectDecimals {
  /** Name of the type whose scale the schema states. */
  static final String DECIMAL = "org.apache.kafka.connect.data.Decimal";

  /** Name of the structure with a scale in each value. */
  static final String VARIABLE_SCALE = "io.debezium.data.VariableScaleDecimal";

  private static final int MAX_BYTES = 64;
  private static final int MAX_SCALE = 1000;

  private ConnectDecimals() {}

  /** Returns the number; null if there are no bytes, or too many, or if the scale is too large. */
  static @Nullable BigDecimal of(byte[] unscaled, int scale) {
    boolean isValid = scale >= -MAX_SCALE && scale <= MAX_SCALE;
    return unscaled.length == 0 || unscaled.length > MAX_BYTES || !isValid
        ? null
        : new BigDecimal(new BigInteger(unscaled), scale);
  }

  /** Returns the number whose unscaled integer is encoded in base64; null if it is not one. */
  static @Nullable BigDecimal ofBase64(String text, int scale) {
    try {
      return text.length() > 2 * MAX_BYTES ? null : of(Base64.getDecoder().decode(text), scale);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /**
   * Returns the number in an object with {@code scale} and {@code value}, and moves the parser to
   * its end; null if the object has other fields. A reader that wants the fields of an object by
   * their paths does not call this.
   */
  static @Nullable BigDecimal ofObject(JsonParser parser) throws IOException {
    Integer scale = null;
    String value = null;
    boolean isDecimal = true;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      if (name.equals("scale") && token == JsonToken.VALUE_NUMBER_INT) {
        scale = parser.getIntValue();
      } else if (name.equals("value") && token == JsonToken.VALUE_STRING) {
        value = parser.getText();
      } else {
        isDecimal = false;
        parser.skipChildren();
      }
    }
    return isDecimal && scale != null && value != null ? ofBase64(value, scale) : null;
  }
}
