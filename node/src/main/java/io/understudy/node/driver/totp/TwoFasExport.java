package io.understudy.node.driver.totp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import io.understudy.node.spi.DriverException;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The backup file of the 2FAS app: a list of services, of which one is IBKR's. */
final class TwoFasExport {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** One entry of the file. */
  private record Service(String name, String issuer, String secret, OtpParameters parameters) {
    boolean isIbkr() {
      String words = (name + " " + issuer).toLowerCase(Locale.ROOT);
      return words.contains("ibkr") || words.contains("interactive brokers");
    }

    static Service of(JsonNode node) {
      JsonNode otp = node.path("otp");
      return new Service(
          text(node, "name"),
          text(otp, "issuer"),
          text(node, "secret"),
          new OtpParameters(
              text(otp, "tokenType"),
              text(otp, "algorithm"),
              text(otp, "digits"),
              text(otp, "period")));
    }

    private static String text(JsonNode node, String field) {
      JsonNode value = node.path(field);
      return value.isNull() ? "" : value.asText("");
    }
  }

  private TwoFasExport() {}

  /** The base32 text of the entry that is IBKR's, or of the only entry. */
  static String secretForIbkr(String json) throws DriverException {
    Service service = choose(services(parse(json)));
    Optional<String> objection = service.parameters().objection();
    if (objection.isPresent()) {
      throw TotpSecret.unusable("of the 2FAS entry '" + service.name() + "' " + objection.get());
    }
    if (service.secret().isBlank()) {
      throw TotpSecret.unusable("of the 2FAS entry '" + service.name() + "' is empty");
    }
    return service.secret();
  }

  private static JsonNode parse(String json) throws DriverException {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException _) {
      // The cause could repeat a part of the file.
      throw TotpSecret.unusable("begins like a 2FAS export and is not valid JSON; export it again");
    }
  }

  private static ImmutableList<Service> services(JsonNode export) throws DriverException {
    if (export.path("servicesEncrypted").asText("").length() > 0) {
      throw TotpSecret.unusable(
          "is in a 2FAS export that is encrypted; export it again without a password");
    }
    JsonNode list = export.isArray() ? export : export.path("services");
    ImmutableList.Builder<Service> services = ImmutableList.builder();
    list.forEach(node -> services.add(Service.of(node)));
    return services.build();
  }

  private static Service choose(ImmutableList<Service> services) throws DriverException {
    if (services.isEmpty()) {
      throw TotpSecret.unusable("is missing: the file is JSON without any 2FAS entry");
    }
    ImmutableList<Service> ibkr =
        services.stream().filter(Service::isIbkr).collect(ImmutableList.toImmutableList());
    if (ibkr.size() == 1) {
      return ibkr.getFirst();
    }
    if (ibkr.isEmpty() && services.size() == 1) {
      return services.getFirst();
    }
    ImmutableList<Service> candidates = ibkr.isEmpty() ? services : ibkr;
    throw TotpSecret.unusable(
        "cannot be chosen: the 2FAS export holds "
            + candidates.stream()
                .map(service -> "'" + service.name() + "'")
                .collect(Collectors.joining(", "))
            + "; export IBKR's entry alone, or name exactly one of them IBKR");
  }
}
