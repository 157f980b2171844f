package io.understudy.bundle.doctor.check;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.understudy.bundle.doctor.HostManifest;
import io.understudy.bundle.doctor.HostManifest.ExpectedSocket;
import io.understudy.bundle.doctor.machine.Answer;
import io.understudy.bundle.doctor.machine.ListeningSocket;
import io.understudy.bundle.doctor.machine.Machine;
import io.understudy.bundle.doctor.machine.TunnelFacts;
import java.util.ArrayList;
import java.util.List;

/** Whether our ports are bound where they should be, and nowhere else. */
final class PortCheck implements Check {
  static final ImmutableList<String> COMMAND = ImmutableList.of("ss", "-lntupH");

  @Override
  public String subject() {
    return "ports";
  }

  @Override
  public ImmutableList<Finding> findings(HostManifest manifest, Machine machine) {
    return switch (machine.output(COMMAND)) {
      case Answer.Known<String>(String output) ->
          judge(manifest, ListeningSocket.parse(output), tunnelPorts(machine));
      case Answer.Unknown<String> unknown ->
          ImmutableList.of(Unanswered.command("ports", unknown, "iproute2", "ss -lntup"));
    };
  }

  /** A host that only calls has a port of its kernel's choice, which changes. */
  private static ImmutableSet<Integer> tunnelPorts(Machine machine) {
    return switch (machine.output(TunnelCheck.COMMAND)) {
      case Answer.Known<String>(String dump) ->
          TunnelFacts.parse(dump).stream()
              .map(TunnelFacts::listenPort)
              .collect(ImmutableSet.toImmutableSet());
      case Answer.Unknown<String> _ -> ImmutableSet.of();
    };
  }

  static ImmutableList<Finding> judge(
      HostManifest manifest,
      ImmutableList<ListeningSocket> sockets,
      ImmutableSet<Integer> tunnelPorts) {
    List<Finding> findings = new ArrayList<>();
    manifest.sockets().forEach(expected -> findings.addAll(expected(expected, sockets)));
    sockets.stream()
        .filter(socket -> !socket.loopback() && !socket.address().equals(manifest.address()))
        .filter(socket -> manifest.sockets().stream().noneMatch(expected -> same(expected, socket)))
        .filter(socket -> !socket.protocol().equals("udp") || !tunnelPorts.contains(socket.port()))
        .distinct()
        .forEach(socket -> findings.add(unexpected(socket)));
    return ImmutableList.copyOf(findings);
  }

  private static boolean same(ExpectedSocket expected, ListeningSocket socket) {
    return expected.protocol().equals(socket.protocol()) && expected.port() == socket.port();
  }

  private static List<Finding> expected(
      ExpectedSocket expected, ImmutableList<ListeningSocket> sockets) {
    String subject = expected.protocol() + " " + expected.port();
    List<ListeningSocket> found =
        sockets.stream().filter(socket -> same(expected, socket)).distinct().toList();
    boolean anywhere = expected.address().equals(ExpectedSocket.ANY_ADDRESS);
    boolean served =
        found.stream()
            .anyMatch(socket ->
                anywhere
                    || socket.address().equals(ListeningSocket.ANY)
                    || socket.address().equals(expected.address()));
    List<Finding> findings = new ArrayList<>();
    if (!served && expected.always()) {
      findings.add(
          new Finding(
              Symptom.PORT_SILENT,
              subject,
              "Nothing listens on "
                  + expected.address()
                  + ":"
                  + expected.port()
                  + ": "
                  + expected.program()
                  + ".",
              "systemctl --failed; sudo ss -lntup"));
    }
    if (!anywhere) {
      found.stream()
          .filter(socket -> !socket.loopback() && !socket.address().equals(expected.address()))
          .forEach(socket -> findings.add(elsewhere(subject, expected, socket)));
    }
    return findings.isEmpty() && served
        ? List.of(
            Finding.healthy(
                subject, "Bound where it should be and nowhere else: " + expected.program() + "."))
        : findings;
  }

  private static Finding elsewhere(
      String subject, ExpectedSocket expected, ListeningSocket socket) {
    boolean toAll = socket.address().equals(ListeningSocket.ANY);
    return new Finding(
        toAll ? Symptom.PORT_OPEN_TO_ALL : Symptom.PORT_ELSEWHERE,
        subject,
        "%s is bound to %s instead of %s alone."
            .formatted(
                capital(expected.program()),
                toAll ? "all addresses" : socket.address(),
                expected.address()),
        "run the bundle's install.sh and restart the service; sudo ss -lntup 'sport = :"
            + expected.port()
            + "'");
  }

  private static String capital(String words) {
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  private static Finding unexpected(ListeningSocket socket) {
    return new Finding(
        Symptom.PORT_UNEXPECTED,
        socket.protocol() + " " + socket.port(),
        "Something that the bundle does not know listens on other addresses than the tunnel's: "
            + socket
            + ".",
        "sudo ss -lntup 'sport = :" + socket.port() + "'; the firewall should keep others out");
  }
}
