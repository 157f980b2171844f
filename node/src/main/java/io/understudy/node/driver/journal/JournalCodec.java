package io.understudy.node.driver.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import com.google.common.reflect.TypeToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/**
 * A journal's lines as JSON and back, exactly, but for account numbers: each becomes a short name
 * that is the same wherever the account occurs in this life. The name is made with a random key
 * that is never written, because the few possible account numbers could all be tried against a
 * plain hash.
 *
 * <p>Written by hand on Jackson's generator and tree instead of Jackson's data binding with its
 * modules: sealed interfaces, hidden records and Guava's sorted maps would each need a module or an
 * annotation in the core, and a new record could be forgotten.
 */
final class JournalCodec {
  private static final int KEY_BYTES = 32;
  private static final int NAME_DIGITS = 8;
  private static final JsonFactory JSON = new JsonFactory();
  private static final ObjectReader TREES =
      new ObjectMapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final HashFunction accounts;

  JournalCodec() {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    accounts = Hashing.hmacSha256(key);
  }

  /** The line, without its end. */
  String encode(JournalLine line) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      new LineWriter(out, this::mask).write(line);
    } catch (IOException e) {
      throw new UncheckedIOException("writing into memory", e);
    }
    return text.toString();
  }

  static JournalLine decode(String line) throws MalformedLineException {
    try {
      return (JournalLine) LineReader.read(TREES.readTree(line), TypeToken.of(JournalLine.class));
    } catch (JsonProcessingException e) {
      throw new MalformedLineException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private String mask(String account) {
    if (account.isEmpty()) {
      return account;
    }
    String digest = accounts.hashString(account, StandardCharsets.UTF_8).toString();
    return "account-" + digest.substring(0, NAME_DIGITS);
  }
}
