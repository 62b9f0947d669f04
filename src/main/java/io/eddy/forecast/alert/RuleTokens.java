package io.eddy.forecast.alert;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of rules: words, texts in double quotes, comparisons and commas. A reader moves
 * through them.
 */
final class RuleTokens {
  private static final Pattern TOKEN =
      Pattern.compile("\\s*(?:(\"[^\"]*\")|([<>]=?)|(,)|([^\\s\",<>=]+))");
  private static final Pattern WORD = Pattern.compile("[^\\s\",<>=]*[^\\s\",<>=:]");

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int next;

  /**
   * A token.
   *
   * @param text without quotes
   * @param begin index of its first character
   */
  record Token(String text, int begin, boolean isQuoted) {}

  /**
   * Splits a text.
   *
   * @throws IllegalArgumentException at a character that begins no token
   */
  RuleTokens(String text) {
    this.text = text;
    Matcher matcher = TOKEN.matcher(text);
    int end = 0;
    while (matcher.find(end) && matcher.start() == end) {
      String quoted = matcher.group(1);
      tokens.add(
          quoted == null
              ? new Token(
                  matcher.group().strip(), matcher.end() - matcher.group().strip().length(), false)
              : new Token(quoted.substring(1, quoted.length() - 1), matcher.start(1), true));
      end = matcher.end();
    }
    if (!text.substring(end).isBlank()) {
      int place = end + text.substring(end).length() - text.substring(end).stripLeading().length();
      throw problem(
          place,
          text.charAt(place) == '"' ? "a closing double quote" : "a word, >, >=, <, <= or a comma");
    }
  }

  /** Returns whether a text is one word, which needs no quotes. */
  static boolean isWord(String text) {
    return WORD.matcher(text).matches();
  }

  /** Returns the next token; null at the end. */
  @Nullable Token peek() {
    return next < tokens.size() ? tokens.get(next) : null;
  }

  /** Returns whether the next token is a word or symbol. */
  boolean isNext(String word) {
    Token token = peek();
    return token != null && !token.isQuoted() && token.text().equalsIgnoreCase(word);
  }

  /** Skips the next token if it is a word or symbol. */
  boolean skip(String word) {
    boolean isNext = isNext(word);
    next += isNext ? 1 : 0;
    return isNext;
  }

  /** Reads the next token. */
  Token read(String expected) {
    Token token = peek();
    if (token == null || (token.text().equals(",") && !token.isQuoted())) {
      throw problem(expected);
    }
    next++;
    return token;
  }

  /** Reads a word. */
  void require(String word, String expected) {
    if (!skip(word)) {
      throw problem(expected);
    }
  }

  /** Returns the problem that something else than the next token was expected. */
  IllegalArgumentException problem(String expected) {
    Token token = peek();
    return problem(token == null ? text.length() : token.begin(), expected);
  }

  /** Returns the problem that something else was expected at a token. */
  IllegalArgumentException problem(Token token, String expected) {
    return problem(token.begin(), expected);
  }

  /** Returns the problem that something else was expected at a token, and a question. */
  IllegalArgumentException problem(Token token, String expected, String question) {
    return new IllegalArgumentException(problem(token, expected).getMessage() + question);
  }

  private IllegalArgumentException problem(int place, String expected) {
    String rest = text.substring(place).strip();
    String found = rest.isEmpty() ? "the end" : "\"" + rest.split("\\s", 2)[0] + "\"";
    return new IllegalArgumentException(
        "expected %s at character %d, got %s".formatted(expected, place + 1, found));
  }
}
