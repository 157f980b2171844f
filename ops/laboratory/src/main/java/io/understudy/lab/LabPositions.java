package io.understudy.lab;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What the lab's account holds, as the broker tells it and as the trading engine expects it. */
final class LabPositions {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int AAPL = 265598;
  private static final int ES = 495512563;
  private static final int EXPECTED_SHARES = 100;

  private LabPositions() {}

  /** The broker's users file: one user for each gateway. */
  static String users(LabSecrets secrets, int gateways) {
    ObjectNode file = JSON.createObjectNode();
    ArrayNode users = file.putArray("users");
    for (int i = 0; i < gateways; i++) {
      users.add(user(LabCluster.user(i), secrets));
    }
    return file.toPrettyString();
  }

  private static ObjectNode user(String name, LabSecrets secrets) {
    ObjectNode user = JSON.createObjectNode();
    user.put("name", name).put("password", secrets.password()).put("paper", false);
    user.putArray("accounts").add(LabCluster.ACCOUNT);
    ObjectNode secondFactor = user.putObject("secondFactor");
    secrets
        .totpSecret()
        .ifPresentOrElse(
            secret -> secondFactor.put("kind", "totp").put("secret", secret),
            () -> secondFactor.put("kind", "none"));
    user.putObject("positions").set(LabCluster.ACCOUNT, atBroker(EXPECTED_SHARES));
    return user;
  }

  /** The account at the broker, with the expected number of shares or another one. */
  static ArrayNode atBroker(int shares) {
    ArrayNode rows = JSON.createArrayNode();
    rows.addObject()
        .put("conid", AAPL)
        .put("ticker", "AAPL")
        .put("assetClass", "STK")
        .put("position", shares)
        .put("mktPrice", 185.25);
    rows.addObject()
        .put("conid", ES)
        .put("ticker", "ES")
        .put("assetClass", "FUT")
        .put("position", -2)
        .put("mktPrice", 5_100.5);
    return rows;
  }

  static int expectedShares() {
    return EXPECTED_SHARES;
  }

  /** The trading engine's own books. */
  static String expected() {
    ArrayNode rows = JSON.createArrayNode();
    rows.addObject()
        .put("account", LabCluster.ACCOUNT)
        .put("instrument", Integer.toString(AAPL))
        .put("class", "STK")
        .put("quantity", Integer.toString(EXPECTED_SHARES));
    rows.addObject()
        .put("account", LabCluster.ACCOUNT)
        .put("instrument", Integer.toString(ES))
        .put("class", "FUT")
        .put("quantity", "-2");
    return rows.toPrettyString();
  }
}
