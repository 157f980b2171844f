// Follows the cluster by server-sent events and draws it. It asks nothing else, keeps nothing, and writes text as text.
"use strict";
(() => {
  const LOST_AFTER_MILLIS = 5000;
  const LINES_SHOWN = 14;
  const LEASE_SHOWN = 5;
  const LEASE_SHORT = 1.5;
  const $ = (id) => document.getElementById(id);
  let picture = null;
  let timeline = null;
  let pulse = null;
  let heardAt = performance.now();
  let pulseAt = 0;
  let known = new Set();

  // ---- Words

  const PHASE = {
    STANDBY: "stands by", CLAIMING: "claims", FENCING: "fences", LOGGING_IN: "logs in", VERIFYING: "verifies",
    RECONCILING: "reconciles", SERVING: "serves", CEDING: "hands over", SELF_FENCING: "fences itself", NEEDS_OPERATOR: "needs a person",
  };
  const TONE = {SERVING: "good", NEEDS_OPERATOR: "bad", SELF_FENCING: "bad", STANDBY: "plain"};
  const SESSION = {
    ESTABLISHED: "logged in", LOGGED_OUT: "logged out", NOT_ESTABLISHED: "no session", COMPETING: "competing", UNKNOWN: "unknown",
  };
  const STEP = {
    CLAIM: ["claim", "claim"], FENCE: ["fence", "fence"], LOGIN: ["login", "login-step"], VERIFY: ["verify", "verify"],
    RECONCILE: ["reconcile", "reconcile"], CLAIM_TO_LOGIN: ["claim to login", "login-step"], LOGIN_TO_SERVING: ["login to serving", "reconcile"],
  };
  const CAUSE = {FIRST: "nobody led before", HANDED_OVER: "handed over", LOST: "former leader lost", UNKNOWN: ""};
  const OUTCOME = {UNDER_WAY: "under way", SERVING: "", NEEDS_OPERATOR: "needs a person", GIVEN_UP: "given up"};
  const LEVEL = {CRITICAL: "bad", WARNING: "busy", INFO: "note"};

  const clock = new Intl.DateTimeFormat("en-GB", {hour: "2-digit", minute: "2-digit", second: "2-digit"});
  const day = new Intl.DateTimeFormat("en-GB", {weekday: "short", day: "numeric", month: "short", year: "numeric"});

  function span(seconds) {
    if (seconds < 0.095) return `${Math.round(seconds * 1000)} ms`;
    if (seconds < 10) return `${seconds.toFixed(1)} s`;
    if (seconds < 120) return `${Math.round(seconds)} s`;
    if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
    if (seconds < 172800) return `${Math.round(seconds / 3600)} h`;
    return `${Math.round(seconds / 86400)} days`;
  }

  /** Of something that goes on, so whole seconds are enough. */
  const age = (seconds) => (seconds < 120 ? `${Math.max(0, Math.floor(seconds))} s` : span(seconds));

  // ---- Elements

  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null && child !== ""));
    return element;
  }
  const mark = () => make("span", {class: "mark", "aria-hidden": "true"});
  const list = (items, empty, element) => {
    element.replaceChildren(...items);
    element.hidden = items.length === 0;
    if (empty) empty.hidden = items.length > 0;
  };
  /** A time whose age is kept up to date. */
  const since = (at, prefix) => make("time", {datetime: at, "data-age": prefix, title: `${day.format(new Date(at))} ${clock.format(new Date(at))}`});

  // ---- The cluster

  /** How it stands with one gateway, in a few words. */
  function standing(gateway) {
    const serving = gateway.cells.find((c) => c.phase === "SERVING" && c.gateOpen);
    if (serving) return `${serving.node} serves ${gateway.id}`;
    const leader = gateway.cells.find((c) => c.leader);
    if (gateway.wishes.loggedOut) return `${gateway.id} is logged out`;
    if (!leader) return `nobody leads ${gateway.id}`;
    if (leader.phase === "NEEDS_OPERATOR") return `${gateway.id} needs a person: ${leader.node}`;
    if (leader.phase === "SERVING") return `${gateway.id}: the gate of ${leader.node} is shut`;
    return `${leader.node} ${PHASE[leader.phase] || leader.phase}: ${gateway.id}`;
  }

  function verdict() {
    const urgent = picture.attention.filter((a) => a.level !== "INFO");
    const served = picture.gateways.length > 0 && picture.gateways.every((g) => g.cells.some((c) => c.phase === "SERVING" && c.gateOpen));
    const tone = urgent.length ? LEVEL[urgent[0].level] : served ? "good" : "note";
    const words = picture.gateways.map(standing).join(", ") || "no gateway is known yet";
    return [tone, (picture.stale ? "last known: " : "") + words + (served && urgent.length ? `, ${urgent.length} to look at` : "")];
  }

  function drawVerdict() {
    const [tone, words] = verdict();
    if ($("verdict-text").textContent !== words) $("verdict-text").textContent = words;
    $("verdict").className = `verdict ${tone}`;
    document.title = `${{good: "●", busy: "▲", bad: "■", note: "▲"}[tone]} ${picture.cluster}: ${words}`;
    const colour = {good: "%2317663f", busy: "%23b36b00", bad: "%23c0271f", note: "%231f5488"}[tone];
    const shape = {good: "<circle cx='8' cy='8' r='7'", busy: "<path d='M8 1 15 15H1z'", bad: "<path d='M1 1h14v14H1z'", note: "<path d='M8 1 15 15H1z'"}[tone];
    $("icon").href = `data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>${shape} fill='${colour}'/></svg>`;
  }

  function drawAttention() {
    const items = picture.attention.map((a) => make("li", {class: LEVEL[a.level]},
      mark(), make("p", {}, make("strong", {}, `${a.about} `), a.sentence)));
    $("attention-list").replaceChildren(...items);
    $("attention").hidden = items.length === 0;
  }

  function drawWire(cell, row, side) {
    const gate = side === "gate";
    const carries = gate ? cell.gateOpen : cell.session === "ESTABLISHED";
    const odd = !gate && cell.session === "COMPETING";
    const words = gate ? (cell.gateOpen ? "gate open" : "gate shut") : SESSION[cell.session];
    const wire = make("div", {class: `wire ${side} ${carries ? "live" : odd ? "odd" : ""}`}, make("span", {}, words));
    wire.style.setProperty("--row", row);
    return wire;
  }

  function drawCell(gateway, cell, row) {
    const tone = TONE[cell.phase] || "busy";
    const role = cell.leader ? "leader" : "standby";
    const article = make("article", {class: `cell ${tone}`, "aria-label": `${cell.node}, ${role}, ${PHASE[cell.phase] || cell.phase}`},
      make("header", {},
        make("span", {class: "node"}, cell.node),
        make("span", {class: "badge"}, role),
        make("span", {class: "phase"}, cell.phase.replaceAll("_", " ")),
        make("span", {class: "since"}, since(cell.since, "for "))),
      make("p", {class: "why"}, cell.why),
      gateway.login && cell.phase === "LOGGING_IN" ? make("p", {class: "login"}, gateway.login) : null,
      make("p", {class: "lease"},
        make("span", {}, "lease"),
        make("span", {class: "gauge", role: "meter", "aria-valuemin": 0, "aria-valuemax": LEASE_SHOWN, "aria-valuenow": 0, "data-lease": cell.node, "aria-label": `lease of ${cell.node} in seconds`}, make("i", {})),
        make("span", {"data-lease-text": cell.node}, "none"),
        !cell.leader && cell.phase === "STANDBY" ? make("span", {class: "soft"}, cell.ready ? "· could take over" : "· could not take over") : null));
    article.style.setProperty("--row", row);
    return article;
  }

  function drawFacts(gateway) {
    const facts = [];
    const fact = (name, ...value) => facts.push(make("div", {}, make("dt", {}, name), make("dd", {}, ...value)));
    fact("Positions", ...positions(gateway.cells.find((c) => c.positions)));
    const budget = gateway.budget;
    const pips = make("span", {class: "pips", "aria-hidden": "true"},
      ...Array.from({length: Math.min(budget.max, 10)}, (_, i) => make("i", {class: i < budget.failures ? "spent" : null})));
    fact("Login budget", pips, "lockedUntil" in budget ? make("span", {class: "wrong"}, "locked") : `${budget.failures} of ${budget.max} failed`);
    fact("Last login", gateway.lastLogin ? since(gateway.lastLogin, "") : "none on record", gateway.lastLogin ? " ago" : "");
    const custody = gateway.custody;
    fact("Custody", custody ? `${custody.node}, epoch ${custody.epoch}, ` : "nobody", custody ? since(custody.since, "for ") : "");
    const wishes = gateway.wishes;
    const said = [wishes.paused && "paused", wishes.loggedOut && "logged out", wishes.halted && "trading halted",
      wishes.switchoverTo && `switchover to ${wishes.switchoverTo}`].filter(Boolean);
    fact("Operators' wishes", said.length ? said.join(", ") : "none");
    return make("dl", {class: "facts"}, ...facts);
  }

  function positions(cell) {
    if (!cell) return ["not compared yet in this epoch"];
    const report = cell.positions;
    const wrong = report.discrepancies.length;
    const text = wrong
      ? make("span", {class: "wrong"}, `${wrong} of ${report.compared} differ on ${cell.node}`)
      : make("span", {class: "well"}, `${report.compared} compared on ${cell.node}, none differs`);
    const orders = "expectedOpenOrders" in report ? `; open orders ${report.openOrders}, expected ${report.expectedOpenOrders}` : "";
    return [text, orders];
  }

  function drawDiscrepancies(gateway) {
    const cell = gateway.cells.find((c) => c.positions && c.positions.discrepancies.length);
    if (!cell) return null;
    const rows = cell.positions.discrepancies.map((d) => make("tr", {},
      make("td", {}, d.instrument), make("td", {}, d.account), make("td", {class: "number"}, d.actual),
      make("td", {class: "number"}, d.expected), make("td", {class: "number"}, d.tolerance), make("td", {}, make("code", {}, d.id))));
    const head = [["instrument"], ["account"], ["broker holds", "number"], ["expected", "number"], ["tolerance", "number"], ["id to accept"]]
      .map(([text, type]) => make("th", {scope: "col", class: type || null}, text));
    return make("div", {class: "scroll", tabindex: "0", role: "region", "aria-label": "Positions that differ"},
      make("table", {}, make("caption", {}, "Positions that differ"), make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows)));
  }

  function drawGateway(gateway) {
    const stage = make("div", {class: "stage"});
    stage.style.setProperty("--rows", Math.max(1, gateway.cells.length));
    stage.append(make("div", {class: "end clients"}, make("span", {}, "trading clients")));
    gateway.cells.forEach((cell, i) => {
      // Read in this order: the node, then what is at its sides.
      stage.append(drawCell(gateway, cell, i), drawWire(cell, i, "gate"), drawWire(cell, i, "session"));
    });
    stage.append(make("div", {class: "end broker"}, make("span", {}, "IBKR")));
    const lead = gateway.leader ? `${gateway.leader} leads` : "nobody leads";
    return make("article", {class: "gateway", "aria-label": `Gateway ${gateway.id}`},
      make("header", {}, make("h3", {}, gateway.id), make("span", {class: "soft"}, `${lead}, epoch ${gateway.epoch}`)),
      stage, drawFacts(gateway), drawDiscrepancies(gateway));
  }

  function drawNodes() {
    $("nodes").replaceChildren(...picture.nodes.map((node) =>
      make("article", {},
        make("header", {},
          make("h3", {}, node.id),
          node.self ? make("span", {class: "badge"}, "shows this page") : "",
          make("span", {class: "soft"}, [node.version && `version ${node.version}`, node.address].filter(Boolean).join(", "))),
        make("p", {class: node.registered ? "soft" : "wrong", "data-contact": node.id, "data-self": node.self, "data-registered": node.registered ? "registered" : "not registered"}),
        make("p", {class: "soft", "data-measures": node.id}),
        ...node.wrong.map((sentence) => make("p", {class: "wrong"}, sentence)))));
    $("servers").replaceChildren(...picture.servers.map((server) =>
      make("span", {class: server.up ? null : "wrong"}, `${server.server} ${server.up ? server.mode : "takes no part"}`)));
    $("servers-title").hidden = picture.servers.length === 0;
  }

  function draw() {
    $("cluster").textContent = picture.cluster;
    drawVerdict();
    drawAttention();
    $("gateways").replaceChildren(...picture.gateways.map(drawGateway));
    drawNodes();
    tick();
  }

  // ---- What happened

  const key = (line) => `${line.at} ${line.gateway} ${line.kind} ${line.sentence}`;
  const several = () => picture && picture.gateways.length > 1;

  function drawLine(line, fresh) {
    const tone = line.kind === "Serving" || line.kind === "SwitchoverDone" ? "good"
      : line.kind === "Command" ? "note"
      : /^(Claimed|Ceded|Login|Drill|.*Over)$/.test(line.kind) ? "" : "bad";
    const what = line.kind === "Command" ? `${line.actor}` : line.kind;
    return make("li", {class: `${tone} ${fresh ? "new" : ""}`},
      make("time", {datetime: line.at}, clock.format(new Date(line.at))),
      make("p", {},
        make("span", {class: "who"}, [line.node, several() && line.gateway].filter(Boolean).join(" · ") + " "),
        make("b", {class: "kind"}, what), ` ${line.sentence}`));
  }

  function drawLines(lines, firstDay) {
    const items = [];
    let former = firstDay;
    for (const line of lines) {
      const today = day.format(new Date(line.at));
      if (today !== former) items.push(make("li", {class: "day"}, today));
      former = today;
      items.push(drawLine(line, known.size > 0 && !known.has(key(line))));
    }
    return items;
  }

  function drawTakeover(takeover) {
    const total = takeover.steps.reduce((sum, step) => sum + step.seconds, 0);
    const underWay = takeover.outcome === "UNDER_WAY";
    const bar = make("div", {class: "bar", "aria-hidden": "true"});
    let before = 0;
    takeover.steps.forEach((step, i) => {
      const segment = make("i", {class: STEP[step.name][1] + (underWay && i === takeover.steps.length - 1 ? " now" : "")});
      segment.style.setProperty("flex-grow", String(Math.max(step.seconds, total / 400)));
      if (underWay && i === takeover.steps.length - 1) segment.dataset.stepBegan = Date.parse(takeover.began) + 1000 * before;
      before += step.seconds;
      bar.append(segment);
    });
    const swatch = (name) => make("i", {class: STEP[name][1], "aria-hidden": "true"});
    return make("li", {class: "takeover"},
      make("header", {},
        make("strong", {}, `${takeover.node} ${underWay ? "takes over" : takeover.outcome === "SERVING" ? "took over" : "tried to take over"} ${takeover.gateway}`),
        make("span", {class: "soft"}, [`epoch ${takeover.epoch}`, CAUSE[takeover.cause]].filter(Boolean).join(", ")),
        OUTCOME[takeover.outcome] ? make("span", {class: underWay ? "under-way" : "failed"}, OUTCOME[takeover.outcome]) : "",
        make("span", {class: "took"}, underWay ? since(takeover.began, "") : span(total))),
      bar,
      make("p", {class: "steps"},
        ...takeover.steps.map((step, i) => make("span", {}, swatch(step.name), `${STEP[step.name][0]} ${underWay && i === takeover.steps.length - 1 ? "…" : span(step.seconds)}`)),
        make("span", {class: "soft"}, since(takeover.began, "began "), " ago")));
  }

  function drawTimeline() {
    list(timeline.takeovers.map(drawTakeover), $("takeovers-none"), $("takeovers"));
    const recent = timeline.lines.slice(0, LINES_SHOWN);
    const older = timeline.lines.slice(LINES_SHOWN);
    list(drawLines(recent, day.format(new Date())), $("timeline-none"), $("timeline"));
    const lastDay = recent.length ? day.format(new Date(recent[recent.length - 1].at)) : "";
    list(drawLines(older, lastDay), null, $("timeline-older"));
    $("older").hidden = older.length === 0;
    list(drawLines(timeline.drills.slice(0, 5), ""), $("drills-none"), $("drills"));
    const newest = timeline.lines[0];
    if (newest && known.size > 0 && !known.has(key(newest))) {
      $("news").textContent = `${newest.node}: ${newest.sentence}`;
    }
    known = new Set(timeline.lines.map(key));
    $("zone").textContent = `times in ${Intl.DateTimeFormat().resolvedOptions().timeZone}`;
    tick();
  }

  // ---- What the mere passing of time changes

  function now() {
    return pulse ? Date.parse(pulse.at) + (performance.now() - pulseAt) : Date.now();
  }

  function set(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  function tick() {
    const at = now();
    for (const time of document.querySelectorAll("[data-age]")) {
      set(time, time.dataset.age + age((at - Date.parse(time.dateTime)) / 1000));
    }
    for (const step of document.querySelectorAll("[data-step-began]")) {
      step.style.setProperty("flex-grow", String(Math.max(0.01, (at - Number(step.dataset.stepBegan)) / 1000)));
    }
    if (pulse && picture) {
      const passed = (performance.now() - pulseAt) / 1000;
      for (const meter of document.querySelectorAll("[data-lease]")) {
        const lease = pulse.nodes[meter.dataset.lease] && pulse.nodes[meter.dataset.lease].lease;
        const left = lease === undefined ? 0 : Math.max(0, lease);
        meter.setAttribute("aria-valuenow", left.toFixed(1));
        meter.firstChild.className = left < LEASE_SHORT ? "short" : "";
        meter.firstChild.style.setProperty("width", `${Math.min(100, (100 * left) / LEASE_SHOWN)}%`);
      }
      for (const text of document.querySelectorAll("[data-lease-text]")) {
        const lease = pulse.nodes[text.dataset.leaseText] && pulse.nodes[text.dataset.leaseText].lease;
        set(text, lease === undefined ? "none" : `${lease.toFixed(1)} s`);
      }
      for (const text of document.querySelectorAll("[data-contact]")) {
        const contact = pulse.nodes[text.dataset.contact] && pulse.nodes[text.dataset.contact].contact;
        set(text, text.dataset.registered + (contact === undefined || "self" in text.dataset ? "" : `, heard ${span(contact)} ago`));
      }
      for (const text of document.querySelectorAll("[data-measures]")) {
        const own = pulse.nodes[text.dataset.measures] || {};
        const words = [
          "roundTrip" in own && `round trip ${(1000 * own.roundTrip).toFixed(1)} ms`,
          "clockOffset" in own && `clock ${(1000 * Math.abs(own.clockOffset)).toFixed(0)} ms ${own.clockOffset < 0 ? "behind" : "ahead"}`,
          "handshake" in own && `tunnel renewed ${age(own.handshake)} ago`,
        ].filter(Boolean);
        set(text, words.join(", "));
        text.hidden = words.length === 0;
      }
      set($("seen"), `seen by ${picture.seenBy} at ${clock.format(new Date(at - passed * 1000))}${picture.stale ? `, ${span(pulse.age)} old` : ""}`);
    }
    const silence = performance.now() - heardAt;
    $("lost").hidden = silence < LOST_AFTER_MILLIS;
    if (silence >= LOST_AFTER_MILLIS) {
      const who = picture ? picture.seenBy : "this node";
      set($("lost"), `No word from ${who} for ${span(Math.floor(silence / 5000) * 5)}: what stands below may be out of date`);
    }
  }

  // ---- The stream

  function follow() {
    const stream = new EventSource("/events");
    const on = (name, take) => stream.addEventListener(name, (event) => take(JSON.parse(event.data)));
    on("picture", (json) => { picture = json; draw(); if (timeline) drawTimeline(); });
    on("timeline", (json) => { timeline = json; drawTimeline(); });
    on("pulse", (json) => {
      // Pulses come also when the node decides no more: only news from its loop counts as a word.
      if (!pulse || json.at !== pulse.at) heardAt = performance.now();
      pulse = json;
      pulseAt = performance.now();
      tick();
    });
    stream.addEventListener("error", () => {
      if (stream.readyState !== EventSource.CLOSED) return; // The browser tries again by itself.
      stream.close();
      setTimeout(again, 2000);
    });
  }

  /** After an answer that ends a stream for good: signed out, or the node is not there. */
  async function again() {
    try {
      const answer = await fetch("/status.json", {method: "HEAD", cache: "no-store"});
      if (answer.status === 401) {
        location.reload();
        return;
      }
    } catch (failure) {
      // Not there at present.
    }
    follow();
  }

  setInterval(tick, 1000);
  follow();
})();
