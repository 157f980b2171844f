package io.understudy.bundle.doctor.check;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import io.understudy.bundle.doctor.HostManifest;
import io.understudy.bundle.doctor.HostManifest.Peer;
import io.understudy.bundle.doctor.HostManifest.TunnelInterface;
import io.understudy.bundle.doctor.machine.Answer;
import io.understudy.bundle.doctor.machine.Machine;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether what goes to each peer leaves by the interface that is preferred. */
final class RouteCheck implements Check {
  static final ImmutableList<String> COMMAND = ImmutableList.of("ip", "-4", "-o", "route", "show");
  private static final String FILTERS = "/proc/sys/net/ipv4/conf/";
  private static final int STRICT = 1;

  /** Taking the interface down instead would cut the daemon off from ZooKeeper. */
  private static final String REMEDY =
      "run the bundle's install.sh, which mends routes while the interface stays up";

  private static final Splitter WORDS = Splitter.on(CharMatcher.whitespace()).omitEmptyStrings();

  @Override
  public String subject() {
    return "routes";
  }

  @Override
  public ImmutableList<Finding> findings(HostManifest manifest, Machine machine) {
    ImmutableList.Builder<Finding> findings = ImmutableList.builder();
    findings.addAll(
        switch (machine.output(COMMAND)) {
          case Answer.Known<String>(String output) -> judge(manifest, routes(output));
          case Answer.Unknown<String> unknown ->
              ImmutableList.of(Unanswered.command("routes", unknown, "iproute2", "ip route show"));
        });
    manifest.tunnels().forEach(tunnel -> findings.add(filter(tunnel, machine)));
    return findings.build();
  }

  /** One line of the routing table; without a metric it is 0, the strongest. */
  record Route(String target, String device, int metric) {}

  static ImmutableList<Route> routes(String output) {
    return output
        .lines()
        .map(WORDS::splitToList)
        .filter(words -> !words.isEmpty())
        .map(words ->
            new Route(
                words.getFirst().replaceFirst("/32$", ""),
                after(words, "dev").orElse(""),
                after(words, "metric").map(Ints::tryParse).orElse(0)))
        .collect(ImmutableList.toImmutableList());
  }

  private static Optional<String> after(List<String> words, String word) {
    int at = words.indexOf(word);
    return at < 0 || at + 1 == words.size() ? Optional.empty() : Optional.of(words.get(at + 1));
  }

  private static ImmutableList<Finding> judge(HostManifest manifest, List<Route> routes) {
    return manifest.tunnels().stream()
        .filter(TunnelInterface::preferred)
        .flatMap(tunnel -> routes(tunnel, routes))
        .collect(ImmutableList.toImmutableList());
  }

  /** An interface without any route is one finding: most likely it is down. */
  private static Stream<Finding> routes(TunnelInterface tunnel, List<Route> routes) {
    if (routes.stream().noneMatch(route -> route.device().equals(tunnel.name()))) {
      return Stream.of(
          new Finding(
              Symptom.ROUTE_ASTRAY,
              "routes of " + tunnel.name(),
              "No route leads through " + tunnel.name() + ".",
              REMEDY));
    }
    return tunnel.peers().stream().map(peer -> route(tunnel, peer, routes));
  }

  private static Finding route(TunnelInterface tunnel, Peer peer, List<Route> routes) {
    Optional<Route> best =
        routes.stream()
            .filter(route -> route.target().equals(peer.address()))
            .min(Comparator.comparingInt(Route::metric));
    if (best.isPresent() && best.get().device().equals(tunnel.name())) {
      return Finding.healthy("route to " + peer.host(), "It leads through " + tunnel.name() + ".");
    }
    return new Finding(
        Symptom.ROUTE_ASTRAY,
        "route to " + peer.host(),
        best.map(route ->
                "What goes to %s leaves by %s instead of %s."
                    .formatted(peer.address(), route.device(), tunnel.name()))
            .orElse("No route of its own leads to " + peer.address() + " through the tunnel."),
        REMEDY);
  }

  /** The kernel takes the larger one of the two settings. */
  private static Finding filter(TunnelInterface tunnel, Machine machine) {
    int value =
        Math.max(
            number(machine.text(FILTERS + "all/rp_filter")),
            number(machine.text(FILTERS + tunnel.name() + "/rp_filter")));
    String subject = "rp_filter of " + tunnel.name();
    if (value != STRICT) {
      return Finding.healthy(subject, "Packets may come in by either interface.");
    }
    return new Finding(
        Symptom.REVERSE_PATH_STRICT,
        subject,
        "The kernel drops what comes in by "
            + tunnel.name()
            + " while routes lead through another"
            + " interface, so that a rotation of keys would cut the host off.",
        "sudo sysctl -w net.ipv4.conf.all.rp_filter=2 net.ipv4.conf."
            + tunnel.name()
            + ".rp_filter=2");
  }

  private static int number(Answer<String> text) {
    return switch (text) {
      case Answer.Known<String>(String digits) ->
          Optional.ofNullable(Ints.tryParse(digits.strip())).orElse(0);
      case Answer.Unknown<String> _ -> 0;
    };
  }
}
