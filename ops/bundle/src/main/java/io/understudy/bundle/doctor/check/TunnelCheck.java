package io.understudy.bundle.doctor.check;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.understudy.bundle.doctor.HostManifest;
import io.understudy.bundle.doctor.HostManifest.Peer;
import io.understudy.bundle.doctor.HostManifest.TunnelInterface;
import io.understudy.bundle.doctor.machine.Answer;
import io.understudy.bundle.doctor.machine.Machine;
import io.understudy.bundle.doctor.machine.Machine.FileFacts;
import io.understudy.bundle.doctor.machine.TunnelFacts;
import io.understudy.bundle.doctor.machine.TunnelFacts.PeerFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether each interface is up with the right keys, and heard from each peer of late. With traffic
 * or keepalive a handshake is renewed about every two minutes, so that a healthy one is at most 125
 * s old; after three minutes the protocol itself gives the session up.
 */
final class TunnelCheck implements Check {
  static final ImmutableList<String> COMMAND = ImmutableList.of("wg", "show", "all", "dump");
  private static final String INTERFACES = "/sys/class/net/";
  private static final Duration AGE_MAX = Duration.ofMinutes(3);

  @Override
  public String subject() {
    return "tunnel";
  }

  @Override
  public ImmutableList<Finding> findings(HostManifest manifest, Machine machine) {
    return switch (machine.output(COMMAND)) {
      case Answer.Known<String>(String dump) -> judge(manifest, TunnelFacts.parse(dump), machine);
      case Answer.Unknown<String> unknown ->
          ImmutableList.of(Unanswered.command("tunnel", unknown, "wireguard-tools", "wg show all"));
    };
  }

  static ImmutableList<Finding> judge(
      HostManifest manifest, ImmutableList<TunnelFacts> found, Machine machine) {
    ImmutableList.Builder<Finding> findings = ImmutableList.builder();
    for (TunnelInterface expected : manifest.tunnels()) {
      Optional<TunnelFacts> facts =
          found.stream().filter(f -> f.name().equals(expected.name())).findFirst();
      findings.addAll(
          facts.isPresent()
              ? new Comparison(expected, facts.get(), machine.now()).findings()
              : ImmutableList.of(absent(expected, machine)));
    }
    return findings.build();
  }

  /** What wg does not show may be there all the same, for others to look at. */
  private static Finding absent(TunnelInterface expected, Machine machine) {
    if (machine.file(INTERFACES + expected.name()) instanceof Answer.Known<FileFacts>) {
      return Unanswered.command(
          expected.name(),
          new Answer.Unknown<>(Answer.Cause.NOT_PERMITTED, "wg shows nothing of the interface"),
          "wireguard-tools",
          "wg show " + expected.name());
    }
    return new Finding(
        Symptom.TUNNEL_DOWN,
        expected.name(),
        "The interface " + expected.name() + " is not up.",
        "sudo systemctl restart wg-quick@" + expected.name());
  }

  private record Comparison(TunnelInterface expected, TunnelFacts facts, Instant now) {
    ImmutableList<Finding> findings() {
      List<Finding> findings = new ArrayList<>();
      if (!facts.publicKey().equals(expected.publicKey())) {
        findings.add(
            new Finding(
                Symptom.TUNNEL_KEY_OTHER,
                expected.name(),
                "The interface has the public key %s instead of %s, which its peers know."
                    .formatted(facts.publicKey(), expected.publicKey()),
                fromFile()));
      }
      if (expected.listenPort() != 0 && facts.listenPort() != expected.listenPort()) {
        findings.add(
            new Finding(
                Symptom.TUNNEL_PORT_OTHER,
                expected.name(),
                "The interface listens on port %d instead of %d, where its peers look for it."
                    .formatted(facts.listenPort(), expected.listenPort()),
                fromFile()));
      }
      findings.addAll(strangers());
      List<Finding> peers = peers();
      findings.addAll(peers);
      if (!expected.preferred()
          && peers.stream().allMatch(peer -> peer.symptom() == Symptom.HEALTHY)) {
        findings.add(
            new Finding(
                Symptom.TUNNEL_READY,
                expected.name(),
                "It has fresh handshakes and routes do not prefer it: if it is the new one of a"
                    + " rotation, this host is ready to prefer it.",
                "understudy cluster rotate wireguard"));
      }
      return ImmutableList.copyOf(findings);
    }

    private List<Finding> strangers() {
      ImmutableSet<String> known =
          expected.peers().stream().map(Peer::publicKey).collect(ImmutableSet.toImmutableSet());
      return facts.peers().stream()
          .filter(peer -> !known.contains(peer.publicKey()))
          .map(peer ->
              new Finding(
                  Symptom.TUNNEL_PEER_UNKNOWN,
                  expected.name(),
                  "The interface has a peer with the public key "
                      + peer.publicKey()
                      + ", which the bundle does not name.",
                  "sudo wg set " + expected.name() + " peer " + peer.publicKey() + " remove"))
          .toList();
    }

    private List<Finding> peers() {
      ImmutableMap<String, PeerFacts> byKey =
          facts.peers().stream()
              .collect(ImmutableMap.toImmutableMap(PeerFacts::publicKey, peer -> peer));
      return expected.peers().stream()
          .map(peer -> peer(peer, Optional.ofNullable(byKey.get(peer.publicKey()))))
          .toList();
    }

    private Finding peer(Peer peer, Optional<PeerFacts> found) {
      String subject = expected.name() + " to " + peer.host();
      if (found.isEmpty()) {
        return new Finding(
            Symptom.TUNNEL_PEER_MISSING,
            subject,
            "The interface does not know the public key of " + peer.host() + ".",
            fromFile());
      }
      long seconds = found.get().handshake();
      if (seconds == 0 && peer.endpoint().isEmpty()) {
        return Finding.healthy(subject, peer.host() + " has not called yet.");
      }
      Duration age = Duration.between(Instant.ofEpochSecond(seconds), now);
      if (seconds != 0 && age.compareTo(AGE_MAX) <= 0) {
        return Finding.healthy(
            subject, "The last handshake was " + Math.max(0, age.toSeconds()) + " s ago.");
      }
      String since =
          seconds == 0 ? "There was no handshake" : "No handshake since " + words(age) + " ago";
      return peer.endpoint().isEmpty()
          ? Finding.healthy(subject, since + "; " + peer.host() + " calls when it wants to.")
          : silent(peer, subject, since);
    }

    private Finding silent(Peer peer, String subject, String since) {
      String reach = "ping -c 3 " + peer.address() + "; sudo wg show " + expected.name();
      if (expected.preferred()) {
        return new Finding(
            Symptom.TUNNEL_SILENT,
            subject,
            since
                + " with "
                + peer.host()
                + " at "
                + peer.endpoint()
                + ": its host is down, its keys are others, or UDP does not get through.",
            reach);
      }
      return new Finding(
          Symptom.TUNNEL_UNUSED_SILENT,
          subject,
          since
              + " with "
              + peer.host()
              + " on the interface that routes do not prefer: do not"
              + " prefer it yet if it is new; if it is the old one, "
              + peer.host()
              + " has retired it already.",
          reach);
    }

    private String fromFile() {
      return "sudo bash -c 'wg syncconf %1$s <(wg-quick strip %1$s)'".formatted(expected.name());
    }

    private static String words(Duration age) {
      return age.toMinutes() < 120 ? age.toSeconds() + " s" : age.toHours() + " h";
    }
  }
}
