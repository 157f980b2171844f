package io.understudy.node.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.understudy.node.core.account.HighWaterMarks;
import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.drill.LastDrill;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.leadership.Claim;
import io.understudy.node.core.leadership.Custody;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.v1.StoredClaim;
import io.understudy.v1.StoredCustody;
import io.understudy.v1.StoredDirectives;
import io.understudy.v1.StoredHistoryEntry;
import io.understudy.v1.StoredLedger;
import io.understudy.v1.StoredMarks;
import io.understudy.v1.StoredNode;
import java.time.DateTimeException;
import java.util.Optional;

/**
 * The core's records as bytes in coordination ({@code stored.proto}) and back. No bytes at all mean
 * that a record was never written: no claim, no custody, an empty ledger, no directives, no marks,
 * no drill. Pure; any thread.
 */
public final class StoredRecords {
  private StoredRecords() {}

  public static byte[] encode(NodeRecord node) {
    return ToStored.node(node).toByteArray();
  }

  public static byte[] encode(Claim claim) {
    return ToStored.claim(claim).toByteArray();
  }

  /** Nobody's custody is an empty message. */
  public static byte[] encodeCustody(Optional<Custody> custody) {
    return custody.map(ToStored::custody).orElse(StoredCustody.getDefaultInstance()).toByteArray();
  }

  public static byte[] encode(LoginLedger ledger) {
    return ToStored.ledger(ledger).toByteArray();
  }

  public static byte[] encode(Directives directives) {
    return ToStored.directives(directives).toByteArray();
  }

  public static byte[] encode(HighWaterMarks marks) {
    return ToStored.marks(marks).toByteArray();
  }

  public static byte[] encode(Drill drill) {
    return DrillMessages.stored(drill).toByteArray();
  }

  public static byte[] encode(HistoryEntry entry) {
    return ToStored.historyEntry(entry).toByteArray();
  }

  public static NodeRecord decodeNode(byte[] bytes) throws MalformedMessageException {
    return decode(bytes, StoredNode.parser(), FromStored::node);
  }

  public static Optional<Claim> decodeClaim(byte[] bytes) throws MalformedMessageException {
    return decode(bytes, StoredClaim.parser(), FromStored::claim);
  }

  public static Optional<Custody> decodeCustody(byte[] bytes) throws MalformedMessageException {
    return decode(bytes, StoredCustody.parser(), FromStored::custody);
  }

  public static LoginLedger decodeLedger(byte[] bytes) throws MalformedMessageException {
    return decode(bytes, StoredLedger.parser(), FromStored::ledger);
  }

  public static Directives decodeDirectives(byte[] bytes) throws MalformedMessageException {
    return decode(bytes, StoredDirectives.parser(), FromStored::directives);
  }

  /** Never fails: nothing but metrics depends on marks, so they must not hide other records. */
  public static HighWaterMarks decodeMarks(byte[] bytes) {
    try {
      return decode(bytes, StoredMarks.parser(), FromStored::marks);
    } catch (MalformedMessageException _) {
      return HighWaterMarks.UNREADABLE;
    }
  }

  /** Never fails: a drill that this version does not understand must not hide other records. */
  public static LastDrill decodeDrill(byte[] bytes) {
    try {
      return bytes.length == 0
          ? LastDrill.NONE
          : LastDrill.of(decode(bytes, io.understudy.v1.Drill.parser(), DrillMessages::drill));
    } catch (MalformedMessageException _) {
      return LastDrill.UNREADABLE;
    }
  }

  public static HistoryEntry decodeHistoryEntry(byte[] bytes) throws MalformedMessageException {
    return decode(bytes, StoredHistoryEntry.parser(), FromStored::historyEntry);
  }

  private static <M, T> T decode(byte[] bytes, Parser<M> parser, Mapping<M, T> mapping)
      throws MalformedMessageException {
    try {
      return mapping.apply(parser.parseFrom(bytes));
    } catch (InvalidProtocolBufferException
        | IllegalArgumentException
        | DateTimeException
        | ArithmeticException e) {
      throw new MalformedMessageException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Maps a message; what is out of range ends in one of the exceptions caught above. */
  private interface Mapping<M, T> {
    T apply(M message);
  }
}
