package io.understudy.bundle.cluster;

import io.understudy.bundle.cluster.Alerts.Email;
import io.understudy.bundle.cluster.Alerts.MonitoringPorts;
import io.understudy.bundle.cluster.Alerts.Telegram;
import io.understudy.settings.Format;
import io.understudy.settings.Section;

/** Binds the section on alert channels. */
final class AlertsReader {
  private static final Format<Long> CHAT_ID =
      new Format<>("a whole number, negative for a group", 1L, Long::valueOf, id -> id.toString())
          .within("a whole number other than 0, negative for a group", id -> id != 0);
  private static final Format<String> MAIL_ADDRESS =
      Format.text("a mail address like anna@example.org", "[^\\s@<>\"]+@[^\\s@<>\"]+");

  private AlertsReader() {}

  static Alerts read(Section section, PortPlan ports) {
    return new Alerts(
        section.optionalSection("telegram").map(AlertsReader::telegram),
        section.optionalSection("email").map(AlertsReader::email),
        section.optional("webhook", Format.HTTP_URI),
        section.optional("heartbeat", Format.HTTP_URI),
        ports(section.section("ports"), ports));
  }

  private static MonitoringPorts ports(Section section, PortPlan ports) {
    return new MonitoringPorts(
        port(section, "prometheus", MonitoringPorts.DEFAULT.prometheus(), ports),
        port(section, "alertmanager", MonitoringPorts.DEFAULT.alertmanager(), ports),
        port(section, "gossip", MonitoringPorts.DEFAULT.gossip(), ports));
  }

  private static int port(Section section, String key, int standard, PortPlan ports) {
    int port = section.optional(key, ClusterFileReader.PORT, standard);
    ports.claim(section, key, port);
    return port;
  }

  private static Telegram telegram(Section section) {
    Secrets.refuse(section, "token", "bot-token");
    return new Telegram(section.required("chat-id", CHAT_ID));
  }

  private static Email email(Section section) {
    Secrets.refuse(section, "password");
    return new Email(
        section.required("to", MAIL_ADDRESS),
        section.required("from", MAIL_ADDRESS),
        section.required("smart-host", Format.ADDRESS).toString(),
        section.optional("username", Format.TEXT));
  }
}
