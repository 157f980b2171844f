package io.understudy.controller.support;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.doctor.HostManifest;
import io.understudy.bundle.doctor.HostManifest.InstalledFile;
import io.understudy.bundle.doctor.machine.Answer;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Reads every secret of the host, only to know what to remove.
 *
 * @param unread why some could not be read, a sentence each; a file that does not exist hides none
 */
record SecretSearch(Secrets secrets, ImmutableList<String> unread) {
  private static final int BYTES_MAX = 1 << 18;
  private static final String STORED = "/etc/understudy/credentials";
  private static final String HANDED_OVER = "/run/credentials/";
  private static final ImmutableList<String> UNITS = ImmutableList.of("understudyd.service");
  private static final String SEALED = ".cred";

  /** Where our own private files lie, on a host whose manifest is lost too. */
  private static final ImmutableList<String> FOLDERS_OF_KEYS =
      ImmutableList.of("/etc/understudy/tls", "/etc/understudy-zookeeper", "/etc/wireguard");

  private static final String LIFE_RECORD = "/life.record";
  private static final String ALERTMANAGER = "/etc/understudy/alertmanager/alertmanager.yml";
  private static final String VIEWER_TOKEN = "/etc/understudy/viewer-token";

  static SecretSearch of(HostFiles files, Optional<HostManifest> manifest, NodeFile node) {
    Set<String> whole = new LinkedHashSet<>(node.secretFiles());
    whole.add(VIEWER_TOKEN);
    ImmutableList.Builder<String> unread = ImmutableList.builder();
    ImmutableList<String> stored = below(files, STORED, unread);
    Set<String> handedOver = new LinkedHashSet<>();
    for (String unit : manifest.map(HostManifest::units).orElse(UNITS)) {
      handedOver.addAll(below(files, HANDED_OVER + unit, unread));
    }
    whole.addAll(stored);
    whole.addAll(handedOver);
    stored.stream()
        .filter(path -> path.endsWith(SEALED))
        .filter(path -> isUnknown(path, handedOver))
        .forEach(path ->
            unread.add(path + " is sealed, and can be compared only while the daemon runs"));
    Set<String> within = new LinkedHashSet<>();
    for (String folder : FOLDERS_OF_KEYS) {
      within.addAll(below(files, folder, unread));
    }
    manifest.ifPresent(host ->
        host.files().stream()
            .filter(SecretSearch::isSecret)
            .map(InstalledFile::target)
            .forEach(within::add));
    within.add(node.stateDirectory() + LIFE_RECORD);
    Secrets secrets = new Secrets();
    for (String path : whole) {
      known(files.end(path, BYTES_MAX), unread).ifPresent(secrets::addWhole);
    }
    for (String path : within) {
      known(files.end(path, BYTES_MAX), unread).ifPresent(secrets::addWithin);
    }
    known(files.end(ALERTMANAGER, BYTES_MAX), unread).ifPresent(secrets::addAddresses);
    return new SecretSearch(secrets, unread.build());
  }

  private static ImmutableList<String> below(
      HostFiles files, String folder, ImmutableList.Builder<String> unread) {
    return known(files.in(folder), unread).orElse(ImmutableList.of());
  }

  /** Whether a sealed one was opened by systemd for no unit that runs. */
  private static boolean isUnknown(String path, Set<String> handedOver) {
    String name = path.substring(STORED.length(), path.length() - SEALED.length());
    return handedOver.stream().noneMatch(each -> each.endsWith(name));
  }

  /** Whether the bundle laid it out for its owner alone. */
  static boolean isSecret(InstalledFile file) {
    return file.mode().endsWith("0");
  }

  private static <T> Optional<T> known(Answer<T> answer, ImmutableList.Builder<String> unread) {
    return switch (answer) {
      case Answer.Known<T>(T value) -> Optional.of(value);
      case Answer.Unknown<T>(Answer.Cause cause, String sentence) -> {
        if (cause != Answer.Cause.ABSENT) {
          unread.add(sentence);
        }
        yield Optional.empty();
      }
    };
  }
}
