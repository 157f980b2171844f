package io.understudy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import org.junit.jupiter.api.Test;

final class UpgradeViewTest {
  @Test
  void aConditionCountsWhereItHoldsAndPositionsWhereTheLeaderIs() {
    UpgradeView view =
        UpgradeView.parse(
            """
            {"nodes": [
               {"id": "a", "version": "0.1.0", "conditions": [
                  {"type": "VersionSkew", "status": "CONDITION_STATUS_FALSE"}]},
               {"id": "b", "version": "0.2.0", "conditions": [
                  {"type": "Reachable", "status": "CONDITION_STATUS_TRUE"},
                  {"type": "VersionSkew", "status": "CONDITION_STATUS_TRUE"}]}],
             "gateways": [{"id": "live", "cells": [
               {"node": "a", "leader": true, "session": "BROKERAGE_SESSION_ESTABLISHED",
                "reconciliation": {"compared": 2}},
               {"node": "b", "session": "BROKERAGE_SESSION_LOGGED_OUT",
                "reconciliation": {"compared": 3}}]}]}
            """);

    assertThat(view)
        .isEqualTo(
            new UpgradeView(
                ImmutableMap.of("a", "0.1.0", "b", "0.2.0"), ImmutableSet.of("b"), 1, 2));
  }
}
