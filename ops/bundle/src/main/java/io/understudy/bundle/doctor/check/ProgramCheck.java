package io.understudy.bundle.doctor.check;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Longs;
import io.understudy.bundle.doctor.HostManifest;
import io.understudy.bundle.doctor.HostManifest.GatewayProgram;
import io.understudy.bundle.doctor.machine.Answer;
import io.understudy.bundle.doctor.machine.Machine;
import io.understudy.bundle.doctor.machine.Machine.FileFacts;
import java.util.Optional;

/** Whether IBKR's program and the browser are there, and memory for the two. */
final class ProgramCheck implements Check {
  /** What a node starts of the zip file that IBKR offers; nobody else may distribute it. */
  private static final ImmutableList<String> PARTS =
      ImmutableList.of(
          "dist/ibgroup.web.core.iblink.router.clientportal.gw.jar",
          "build/lib/runtime",
          "root/conf.yaml");

  private static final ImmutableMap<String, String> PACKAGES =
      ImmutableMap.of("/usr/bin/chromium", "chromium", "/usr/bin/chromedriver", "chromium-driver");

  /** What headless Chromium takes for a login. */
  private static final long MEMORY_KIB_MIN = 600L * 1024;

  @Override
  public String subject() {
    return "programs";
  }

  @Override
  public ImmutableList<Finding> findings(HostManifest manifest, Machine machine) {
    ImmutableList.Builder<Finding> findings = ImmutableList.builder();
    for (GatewayProgram program : manifest.gateways()) {
      PARTS.forEach(part -> findings.add(part(program, part, machine)));
    }
    manifest.gateways().stream()
        .flatMap(program -> program.browsers().stream())
        .distinct()
        .forEach(browser -> findings.add(browser(browser, machine)));
    if (manifest.gateways().stream().anyMatch(program -> !program.browsers().isEmpty())) {
      available(machine).ifPresent(kib -> findings.add(memory(kib)));
    }
    return findings.build();
  }

  private static Finding part(GatewayProgram program, String part, Machine machine) {
    String path = program.directory() + "/" + part;
    return switch (machine.file(path)) {
      case Answer.Known<FileFacts> _ ->
          Finding.healthy(path, "The program of gateway " + program.gateway() + " is there.");
      case Answer.Unknown<FileFacts> unknown when unknown.cause() == Answer.Cause.ABSENT ->
          new Finding(
              Symptom.GATEWAY_PROGRAM_MISSING,
              path,
              "IBKR's program for gateway " + program.gateway() + " is not there.",
              "unpack clientportal.gw.zip, which IBKR offers for download, to "
                  + program.directory());
      case Answer.Unknown<FileFacts> unknown -> Unanswered.file(path, unknown);
    };
  }

  private static Finding browser(String path, Machine machine) {
    if (machine.executable(path) instanceof Answer.Known<Boolean>(Boolean yes) && yes) {
      return Finding.healthy(path, "It can be run.");
    }
    return new Finding(
        Symptom.BROWSER_MISSING,
        path,
        "The browser that logs in is not there, or not everybody may run it.",
        "sudo apt-get install " + PACKAGES.getOrDefault(path, "chromium"));
  }

  private static Optional<Long> available(Machine machine) {
    return switch (machine.text("/proc/meminfo")) {
      case Answer.Known<String>(String text) ->
          text.lines()
              .filter(line -> line.startsWith("MemAvailable:"))
              .map(line ->
                  Splitter.on(CharMatcher.whitespace()).omitEmptyStrings().splitToList(line).get(1))
              .flatMap(digits -> Optional.ofNullable(Longs.tryParse(digits)).stream())
              .findFirst();
      case Answer.Unknown<String> _ -> Optional.empty();
    };
  }

  private static Finding memory(long kib) {
    long mib = kib / 1024;
    return kib >= MEMORY_KIB_MIN
        ? Finding.healthy("memory", mib + " MiB are available.")
        : new Finding(
            Symptom.MEMORY_SHORT,
            "memory",
            "%d MiB are available; the browser takes up to %d MiB for a login."
                .formatted(mib, MEMORY_KIB_MIN / 1024),
            "free -m; add memory or swap");
  }
}
