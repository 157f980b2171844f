package io.understudy.controller.output;

import java.util.List;

/** A cluster as its file describes it: a table of its hosts, and one of its gateways. */
public final class ClusterTables {
  private final Canvas canvas;
  private final Table hosts;
  private final Table gateways;

  public ClusterTables(Canvas canvas, String cluster) {
    this.canvas = canvas;
    this.hosts =
        new Table("hosts of " + cluster, List.of("HOST", "ROLE", "ADDRESS", "ENDPOINT", "HOLDS"));
    this.gateways =
        new Table(
            "gateways of " + cluster,
            List.of("GATEWAY", "MODE", "RELAY", "PROGRAM", "SECOND FACTOR", "POSITIONS"));
  }

  public void host(String id, String role, String address, String endpoint, String holds) {
    hosts.row(
        List.of(
            Table.Cell.of(id, Style.BOLD),
            Table.Cell.of(role),
            Table.Cell.of(address),
            Table.Cell.of(endpoint),
            Table.Cell.of(holds)));
  }

  public void gateway(
      String name, String mode, int relay, int program, String secondFactor, String positions) {
    gateways.row(
        List.of(
            Table.Cell.of(name, Style.BOLD),
            Table.Cell.of(mode),
            Table.Cell.number(Integer.toString(relay)),
            Table.Cell.number(Integer.toString(program)),
            Table.Cell.of(secondFactor),
            Table.Cell.of(positions)));
  }

  public void print() {
    hosts.print(canvas);
    gateways.print(canvas);
  }
}
