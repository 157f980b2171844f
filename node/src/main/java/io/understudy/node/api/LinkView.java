package io.understudy.node.api;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.peers.PeerCondition;
import io.understudy.node.core.peers.PeerView;
import io.understudy.node.core.peers.ServerView;
import io.understudy.node.loop.NodeStatus;
import io.understudy.node.wire.WireTimes;
import io.understudy.v1.Condition;
import io.understudy.v1.ConditionStatus;
import io.understudy.v1.CoordinationServer;
import io.understudy.v1.Node;
import io.understudy.v1.PeerLink;
import io.understudy.v1.Reason;
import java.util.Arrays;
import java.util.stream.Stream;

/** What the answering node's own probes say, as operators see it. Pure. */
final class LinkView {
  /** The kinds of history lines that tell of a condition of a peer, and of its end. */
  static final ImmutableSet<String> KINDS =
      Arrays.stream(PeerCondition.Type.values())
          .flatMap(type -> Stream.of(type.text(), type.overText()))
          .collect(ImmutableSet.toImmutableSet());

  private LinkView() {}

  /** Adds the link to a node and every condition that could hold of it, if it was probed. */
  static void add(Node.Builder node, NodeStatus status, NodeId id) {
    PeerView peer = status.peers().get(id);
    if (peer == null) {
      return;
    }
    node.setLink(link(peer));
    node.addConditions(reachable(peer));
    for (PeerCondition.Type type : PeerCondition.Type.values()) {
      node.addConditions(condition(peer, type));
    }
  }

  private static PeerLink link(PeerView peer) {
    PeerLink.Builder link =
        PeerLink.newBuilder()
            .setReachable(peer.reachable())
            .setSince(WireTimes.timestamp(peer.since()));
    peer.roundTrip().map(WireTimes::duration).ifPresent(link::setRoundTrip);
    peer.clockOffset().map(WireTimes::duration).ifPresent(link::setClockOffset);
    peer.handshakeAge().map(WireTimes::duration).ifPresent(link::setHandshakeAge);
    return link.build();
  }

  private static Condition reachable(PeerView peer) {
    return peer.reachable()
        ? condition(
            "Reachable",
            ConditionStatus.CONDITION_STATUS_TRUE,
            "ProbesAnswered",
            "its answers to probes arrive")
        : condition(
            "Reachable",
            ConditionStatus.CONDITION_STATUS_FALSE,
            "ProbesLost",
            "it does not answer probes");
  }

  private static Condition condition(PeerView peer, PeerCondition.Type type) {
    return peer.conditions().stream()
        .filter(condition -> condition.type() == type)
        .findFirst()
        .map(held ->
            condition(
                type.text(), ConditionStatus.CONDITION_STATUS_TRUE, type.text(), held.sentence()))
        .orElseGet(() ->
            condition(
                type.text(),
                ConditionStatus.CONDITION_STATUS_FALSE,
                "NotSeen",
                "nothing speaks for it"));
  }

  private static Condition condition(
      String type, ConditionStatus status, String code, String sentence) {
    return Condition.newBuilder()
        .setType(type)
        .setStatus(status)
        .setReason(Reason.newBuilder().setCode(code).setSentence(sentence))
        .build();
  }

  static CoordinationServer server(ServerView server) {
    return CoordinationServer.newBuilder()
        .setServer(server.server())
        .setUp(server.up())
        .setMode(server.mode())
        .build();
  }

  /** Without what changes from probe to probe. */
  static void timeless(Node.Builder node) {
    if (node.hasLink()) {
      node.getLinkBuilder().clearRoundTrip().clearClockOffset().clearHandshakeAge();
    }
  }

  /** Per peer the conditions that hold: what the history was told of. */
  static String conditions(ImmutableMap<NodeId, PeerView> peers) {
    StringBuilder text = new StringBuilder();
    peers.forEach((node, peer) -> {
      text.append(node).append('=');
      peer.conditions().forEach(condition -> text.append(condition.type().text()).append(','));
    });
    return text.toString();
  }
}
