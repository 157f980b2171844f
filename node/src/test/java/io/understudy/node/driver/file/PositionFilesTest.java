package io.understudy.node.driver.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.understudy.node.config.PositionsConfig.Columns;
import io.understudy.node.core.positions.Position;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.PositionSource;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PositionFilesTest {
  @TempDir Path directory;

  @Test
  void aJsonArrayIsRead() throws Exception {
    PositionSource.Expected expected =
        json(
            """
            [{"account": "U1", "instrument": 265598, "class": "stk", "quantity": 0.1},
             {"account": "U2", "instrument": "EUR.USD", "class": "CASH", "quantity": "-12.50"}]
            """);

    assertThat(expected.positions())
        .containsExactly(
            new Position("U1", "265598", "STK", new BigDecimal("0.1")),
            new Position("U2", "EUR.USD", "CASH", new BigDecimal("-12.5")));
    assertThat(expected.openOrders()).isEmpty();
  }

  @Test
  void aJsonObjectMaySayHowManyOrdersAreOpen() throws Exception {
    assertThat(json("{\"positions\": [], \"openOrders\": 4}").openOrders()).hasValue(4);
    assertThat(json("{\"positions\": []}").openOrders()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          [                                           | , line 1: not valid JSON
          [] []                                       | not valid JSON
          [{"account":"a","account":"b"}]             | a field that stands twice
          {}                                          | : holds no list of positions
          5                                           | : holds no list of positions
          {"positions":[],"openOrders":-1}            | , openOrders: (expected: a whole number >= 0)
          {"positions":[],"openOrders":1.5}           | , openOrders: (expected: a whole number >= 0)
          {"positions":[],"orders":1}                 | , orders: unknown field (known: positions, openOrders)
          [5]                                         | , position 1: no object
          [{"account":"a","instrument":"b","class":"c"}]                        | , position 1, quantity: missing
          [{"account":"a","instrument":"b","class":"c","quantity":1},{}]        | , position 2, account: missing
          [{"account":"a","instrument":"b","class":"c","quantity":"x"}]         | , position 1, quantity: 'x' (expected: a number
          [{"account":"a","instrument":"b","class":"c","quantity":1e999999}]    | , position 1, quantity:
          [{"account":"a","instrument":"b","class":"c","quantity":null}]        | neither text nor number
          [{"account":" ","instrument":"b","class":"c","quantity":1}]           | , position 1, account: empty
          [{"account":"a","instrument":"b","class":"c","quantity":1,"side":1}]  | , position 1, side: unknown field
          """)
  void mistakesInJsonNameTheFileAndThePlace(String text, String message) {
    assertThatThrownBy(() -> json(text))
        .isInstanceOf(DriverException.class)
        .hasMessageStartingWith(directory.resolve("positions.json").toString())
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void csvIsReadByTheNamesOfItsColumnsInAnyOrder() throws Exception {
    PositionSource.Expected expected =
        csv(
            """
            \uFEFFquantity,account,note,instrument,instrument_class\r
            1.5,U1,"a, ""quoted""
            note",265598,STK\r

             -3 , U1 ,,"AAPL, C", OPT\
            """);

    assertThat(expected.positions())
        .containsExactly(
            new Position("U1", "265598", "STK", new BigDecimal("1.5")),
            new Position("U1", "AAPL, C", "OPT", new BigDecimal("-3")));
    assertThat(expected.openOrders()).isEmpty();
  }

  @Test
  void otherColumnsCanBeNamed() throws Exception {
    Files.writeString(directory.resolve("positions.csv"), "acc,conid,type,qty\nU1,1,STK,2\n");

    assertThat(
            new CsvPositionSource(
                    directory.resolve("positions.csv"), new Columns("acc", "conid", "type", "qty"))
                .expected()
                .positions())
        .hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                                                       | : empty (expected: a first line
          account,instrument,quantity                              | , line 1: no column 'instrument_class' (found: account, instrument, quantity;
          account,account,instrument,instrument_class,quantity     | , line 1: two columns 'account'
          account,instrument,instrument_class,quantity;a,b,c       | , line 2: 3 fields (expected: 4)
          account,instrument,instrument_class,quantity;a,b,c,d     | , line 2, quantity: 'd' (expected: a number like 100 or -2.5)
          account,instrument,instrument_class,quantity;;a,b,c,"1   | , line 3: a quoted field does not end
          account,instrument,instrument_class,quantity;a,b,c,"1"2  | , line 2: text after a quoted field
          account,instrument,instrument_class,quantity;a,,c,1      | , line 2, instrument: empty
          """)
  void mistakesInCsvNameTheFileAndTheLine(String text, String message) {
    assertThatThrownBy(() -> csv(text.replace(';', '\n')))
        .isInstanceOf(DriverException.class)
        .hasMessageStartingWith(directory.resolve("positions.csv").toString())
        .hasMessageContaining(message);
  }

  @Test
  void aMissingFileMayComeLater() {
    JsonPositionSource source = new JsonPositionSource(directory.resolve("none.json"));

    assertThatThrownBy(source::expected)
        .isInstanceOfSatisfying(
            DriverException.class,
            e -> assertThat(e.kind()).isEqualTo(DriverException.Kind.TRANSIENT))
        .hasMessageContaining("no such file");
  }

  @Test
  void aHugeFileIsNotRead() throws Exception {
    Path file = directory.resolve("huge.json");
    try (RandomAccessFile huge = new RandomAccessFile(file.toFile(), "rw")) {
      huge.setLength(PositionFile.BYTES_MAX + 1);
    }

    assertThatThrownBy(() -> new JsonPositionSource(file).expected())
        .hasMessageContaining("larger than 8 MiB");
  }

  private PositionSource.Expected json(String text) throws IOException, DriverException {
    Path file = directory.resolve("positions.json");
    Files.writeString(file, text);
    return new JsonPositionSource(file).expected();
  }

  private PositionSource.Expected csv(String text) throws IOException, DriverException {
    Path file = directory.resolve("positions.csv");
    Files.writeString(file, text);
    return new CsvPositionSource(file, Columns.DEFAULT).expected();
  }
}
