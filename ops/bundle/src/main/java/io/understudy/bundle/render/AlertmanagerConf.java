package io.understudy.bundle.render;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.cluster.AlertCredential;
import io.understudy.bundle.cluster.Alerts;
import io.understudy.bundle.cluster.Alerts.Email;
import io.understudy.bundle.cluster.Alerts.Telegram;

/**
 * Who is told of which alert, for the Alertmanager of a node. The same on every node but for the
 * name of the sender, since they share what was sent already: only keys that Debian 12's version
 * knows.
 *
 * <p>That version has no file for the bot's token, so the configuration has a place for it that
 * {@code with-token.sh} fills when the unit starts. The addresses of web hooks are secrets too for
 * those who serve them, so that root alone reads the configuration, and the unit gets it as a
 * credential.
 */
final class AlertmanagerConf {
  static final String FOLDER = "/etc/understudy/alertmanager/";
  static final String CONFIG = FOLDER + "alertmanager.yml";
  static final String TEMPLATE = FOLDER + "understudy.tmpl";
  static final String WITH_TOKEN = FOLDER + "with-token.sh";

  private static final String MAIL_PASSWORD =
      "/run/credentials/%s/%s"
          .formatted(MonitoringUnits.ALERTMANAGER, AlertCredential.SMTP_PASSWORD.credential());

  private AlertmanagerConf() {}

  static ImmutableList<RenderedFile> of(Place place) {
    ImmutableList.Builder<RenderedFile> files = ImmutableList.builder();
    files.add(
        RenderedFile.secret(CONFIG, config(place), "root"),
        RenderedFile.open(
            TEMPLATE, Resource.text("understudy.tmpl").replace("@NODE@", place.host().id())));
    if (place.cluster().alerts().telegram().isPresent()) {
      files.add(new RenderedFile(WITH_TOKEN, Resource.text("with-token.sh"), "0755", "root:root"));
    }
    return files.build();
  }

  private static String config(Place place) {
    Alerts alerts = place.cluster().alerts();
    return place.header()
        + """
        templates: [%s]

        route:
          receiver: people
          group_by: [alertname, cluster, gateway]
          group_wait: 10s
          group_interval: 30s
          repeat_interval: 12h
          routes:
            - matchers: [severity="none"]
              receiver: heartbeat
              group_wait: 0s
              repeat_interval: 5m
            - matchers: [severity="critical"]
              receiver: people
              repeat_interval: 30m
            - matchers: [severity="info"]
              receiver: notes
              repeat_interval: 4d

        receivers:
          # Critical alerts and warnings.
          - name: people
        """
            .formatted(TEMPLATE)
        + alerts.telegram().map(AlertmanagerConf::telegram).orElse("")
        + notes(alerts)
        + "  # What is good to know.\n  - name: notes\n"
        + notes(alerts)
        + "  # The dead-man's switch, and nothing else.\n  - name: heartbeat\n"
        + alerts.heartbeat().map(to -> webhook(to.toString(), false)).orElse("")
        + "\n"
        + Resource.text("inhibitions.yml");
  }

  private static String notes(Alerts alerts) {
    return alerts.email().map(AlertmanagerConf::email).orElse("")
        + alerts.webhook().map(to -> webhook(to.toString(), true)).orElse("");
  }

  private static String telegram(Telegram telegram) {
    return """
        telegram_configs:
          - chat_id: %d
            bot_token: "@TELEGRAM_TOKEN@"
            parse_mode: HTML
            message: '{{ template "understudy.message" . }}'
            send_resolved: true
    """
        .formatted(telegram.chatId());
  }

  private static String email(Email email) {
    return """
        email_configs:
          - to: "%s"
            from: "%s"
            smarthost: "%s"
    """
            .formatted(email.to(), email.from(), email.smartHost())
        + email
            .username()
            .map(user ->
                """
                        auth_username: "%s"
                        auth_password_file: %s
                """
                    .formatted(user.replace("\\", "\\\\").replace("\"", "\\\""), MAIL_PASSWORD))
            .orElse("")
        + """
                headers: {Subject: '{{ template "understudy.subject" . }}'}
                html: ''
                text: '{{ template "understudy.message" . }}'
                send_resolved: true
        """;
  }

  private static String webhook(String address, boolean resolved) {
    return """
        webhook_configs:
          - url: "%s"
            send_resolved: %s
    """
        .formatted(address, resolved);
  }
}
