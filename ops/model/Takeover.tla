------------------------------ MODULE Takeover ------------------------------
(* The takeover protocol of one gateway: who may log in, when, and how that right passes from node to node. README.md says what is
   modelled, docs/reliability.md what is not; ARCHITECTURE.md links every action to the method that does it.

   Time is a number of ticks. Everything carries its age, so that only differences count and the state space stays finite. Clocks do not
   drift, and everything is asynchronous: any message takes as long as it likes or is lost, and any process may stand still for as long as
   it likes. What is *not* left to chance stands in Prompt: a process that runs begins to fence when its time has come, and ends within
   the lead. *)
EXTENDS Integers, Sequences, FiniteSets, TLC

CONSTANTS
  Nodes,
  T,          \* session timeout, in ticks
  Margin,     \* the lease ends so much before the ensemble may give leadership away
  Lead,       \* self-fencing begins so much before the lease ends
  Delay,      \* a renewal unanswered for so long is given up
  MaxEpoch, MaxStep, MaxFaults,   \* bounds of the search
  Settles,    \* whether faults end for good at some moment (for the liveness property)
  \* The protocol's decisions. FALSE breaks it on purpose: TLC must find out.
  FromSend,           \* the lease runs from the send of a renewal, not from its answer
  LastButOne,         \* ... of the last but one, not of the last
  SpacedFromAnswer,   \* a renewal counts if it was sent a tick after the former was answered, not sent
  SyncBehindRenewal,  \* a renewal counts when a sync behind its answer was answered too
  CustodyBeforeLogin, \* custody is on record before anything is submitted
  StepBeforeCode,     \* the time step is on record before its code is shown
  RecheckAtSubmission,\* the guard is asked immediately before the submission
  LogoutBeforeRelease,\* custody is cleared after the logout was confirmed
  UndertakerWaits,    \* the undertaker closes the session after the gateway is gone
  ExpiryFences        \* a former holder whose session has ended need not answer

VARIABLES
  \* ---- the nodes
  daemon,  \* "up", "frozen" or "dead"
  gw,      \* its gateway program: "in" once credentials went out, "out" when that is surely undone
  ph,      \* the cell's phase; LOGGING_IN is "login", "permitted", "granted", "late"
  ep,      \* the epoch that the cell acts under, 0 for none
  ok,      \* the former holder has confirmed that it stopped
  stp,     \* the time step that was asked for in this login, 0 for none
  \* ---- the lease clock of each node
  last,    \* age of the last acknowledged renewal that counts
  prev,    \* ... of the one before it
  rn,      \* age of the renewal under way, -1 for none
  \* ---- the ensemble
  sess,    \* "live", "gone" (expired, the node does not know), "none", "left" (a dead process's, still counted)
  seen,    \* how long ago, at most, the session was touched: expiry may come at T
  pend,    \* age of the renewal whose touch has not travelled yet
  ping,    \* a learner ping was sent since
  flow,    \* age of the touch that is on its way in the answer to a ping; only without a sync behind the renewal
  tk,      \* the election: tickets in order
  claim, cust,  \* records: [e |-> epoch, n |-> node]
  step,    \* record: the last time step in the ledger
  req,     \* the write under way of each node
  \* ---- the broker
  holder,  \* whose login holds the session: a newcomer throws out the former
  shown,   \* time steps whose codes were submitted
  twice,   \* some code was submitted twice
  \* ---- the searcher's book
  slept,   \* frozen beyond the end of its lease: what it does then is not promised
  faults, calm

nodeVars == <<daemon, gw, ph, ep, ok, stp>>
leaseVars == <<last, prev, rn>>
sessVars == <<sess, seen, pend, ping, flow>>
recVars == <<tk, claim, cust, step>>
brokerVars == <<holder, shown, twice>>
vars == <<nodeVars, leaseVars, sessVars, recVars, req, brokerVars, slept, faults, calm>>

None == "none"
NoWrite == [k |-> None, e |-> 0, s |-> 0]
LeaseEnd == T - Margin
SelfFenceAt == LeaseEnd - Lead
ASSUME SelfFenceAt > 1

Acting == {"login", "permitted", "granted", "late", "serving"}
Guarded == Acting \cup {"ceding"}

LeaseAge(n) == IF LastButOne THEN prev[n] ELSE last[n]
LeaseHeld(n) == LeaseAge(n) < SelfFenceAt
Up(n) == daemon[n] = "up"
Counted(n) == sess[n] \in {"live", "left"}       \* by the ensemble; its record nodes/n exists
Stands(n) == \E i \in DOMAIN tk : tk[i] = n
First(n) == tk # <<>> /\ Head(tk) = n
Without(n) == SelectSeq(tk, LAMBDA m : m # n)
Reads(n) == Up(n) /\ sess[n] = "live" /\ req[n] = NoWrite   \* its last write is over, and it reads back
ClaimIs(n) == claim = [e |-> ep[n], n |-> n]
CustodyIs(n) == cust = [e |-> ep[n], n |-> n]
\* Nothing depends on the lease of a standby whose gateway is out: it renews unobserved, and is fresh when it claims.
AtStake(n) == gw[n] = "in" \/ ph[n] \notin {"standby", "selfFencing"}
Set(f, n, v) == [f EXCEPT ![n] = v]
Least(a, b) == IF a < b THEN a ELSE b

Init ==
  /\ daemon = [n \in Nodes |-> "up"]
  /\ gw = [n \in Nodes |-> "out"]
  /\ ph = [n \in Nodes |-> "standby"]
  /\ ep = [n \in Nodes |-> 0]
  /\ ok = [n \in Nodes |-> FALSE]
  /\ stp = [n \in Nodes |-> 0]
  /\ last = [n \in Nodes |-> 0]
  /\ prev = [n \in Nodes |-> 1]
  /\ rn = [n \in Nodes |-> -1]
  /\ sess = [n \in Nodes |-> None]
  /\ seen = [n \in Nodes |-> 1]
  /\ pend = [n \in Nodes |-> 0]
  /\ ping = [n \in Nodes |-> TRUE]
  /\ flow = [n \in Nodes |-> 1]
  /\ tk = <<>>
  /\ claim = [e |-> 0, n |-> None]
  /\ cust = [e |-> 0, n |-> None]
  /\ step = 0
  /\ req = [n \in Nodes |-> NoWrite]
  /\ holder = None
  /\ shown = {}
  /\ twice = FALSE
  /\ slept = [n \in Nodes |-> FALSE]
  /\ faults = MaxFaults
  /\ calm = FALSE

-----------------------------------------------------------------------------
(* What is assumed *)

\* A process that runs does not let these moments pass: assumptions about machines, not about messages.
Prompt(n) ==
  /\ Up(n) =>
       /\ ph[n] \notin {"standby", "selfFencing"} => LeaseHeld(n)         \* the loop wakes when self-fencing is due
       /\ ph[n] = "selfFencing" /\ gw[n] = "in" => LeaseAge(n) + 1 < LeaseEnd  \* the fence takes no longer than the lead
       /\ ph[n] # "late"                                                 \* from the check to the socket takes no time
  /\ daemon[n] = "dead" /\ gw[n] = "in" => LeaseAge(n) + 1 < LeaseEnd    \* the service manager ends the control group

-----------------------------------------------------------------------------
(* The lease: renewals are quorum writes, one at a time, sent with every tick *)

\* Written, answered, and the sync behind it answered: one step, for nothing else looks in between. A learner ping between two renewals comes to
\* the server before the answer of the second, and the server's answer, with the touch of the first, comes to the ensemble's leader before the sync.
\* Without a sync it is surely there only with the renewal after. The own touch is still with the server that the node talks to. (An answer that is
\* lost would only keep the session alive for longer, which is no danger: it is the same as a renewal that is lost and an expiry that comes late.)
Renewed(n) ==
  /\ Up(n) /\ sess[n] = "live" /\ rn[n] # -1
  /\ IF SyncBehindRenewal
       THEN /\ seen' = IF ping[n] THEN Set(seen, n, pend[n]) ELSE seen
            /\ flow' = flow
       ELSE /\ seen' = Set(seen, n, Least(seen[n], flow[n]))
            /\ flow' = IF ping[n] THEN Set(flow, n, pend[n]) ELSE flow
  /\ pend' = Set(pend, n, rn[n])
  /\ ping' = Set(ping, n, FALSE)
  /\ prev' = Set(prev, n, last[n])
  /\ last' = Set(last, n, IF FromSend THEN rn[n] ELSE 0)
  /\ rn' = Set(rn, n, IF ~SpacedFromAnswer /\ rn[n] >= 1 THEN 0 ELSE -1)
  /\ UNCHANGED <<nodeVars, sess, recVars, req, brokerVars, slept, faults, calm>>

-----------------------------------------------------------------------------
(* The coordination session *)

SessionEnds(n) ==
  /\ sess' = Set(sess, n, IF sess[n] = "live" THEN "gone" ELSE None)
  /\ tk' = Without(n)
  /\ req' = Set(req, n, NoWrite)
  /\ seen' = Set(seen, n, 1)
  /\ pend' = Set(pend, n, 0)
  /\ ping' = Set(ping, n, TRUE)
  /\ flow' = Set(flow, n, 1)
  /\ rn' = Set(rn, n, -1)
  /\ UNCHANGED <<nodeVars, last, prev, claim, cust, step, brokerVars, slept, faults, calm>>

\* Not before T has passed since the last touch; where nothing is at stake, whenever it likes.
Expire(n) ==
  /\ Counted(n)
  /\ IF AtStake(n) THEN seen[n] = T ELSE (First(n) /\ ~calm) \/ sess[n] = "left"
  /\ SessionEnds(n)

\* A standby takes a place in the election; where it has no session it gets one first. A new life waits until the session that its former life
\* left behind has ended.
Join(n) ==
  /\ Up(n) /\ ph[n] = "standby" /\ sess[n] # "left" /\ ~Stands(n) /\ req[n] = NoWrite
  /\ sess' = Set(sess, n, "live")
  /\ tk' = Append(tk, n)
  /\ UNCHANGED <<nodeVars, leaseVars, seen, pend, ping, flow, claim, cust, step, req, brokerVars, slept, faults, calm>>

\* Runs after the daemon's death. It proves first that the gateway is gone.
Undertake(n) ==
  /\ daemon[n] = "dead" /\ sess[n] = "left"
  /\ UndertakerWaits => gw[n] = "out"
  /\ SessionEnds(n)

-----------------------------------------------------------------------------
(* Guarded writes: one transaction, under the writer's own ticket. No answer is looked at, so none is modelled: a write ends, and the node
   reads back. A write may be committed long after the node has changed its mind, or died. *)

Holds(n) ==
  LET w == req[n] IN
  /\ Stands(n)
  /\ CASE w.k = "claim" -> claim.e = w.e - 1
       [] w.k = "custody" -> claim = [e |-> w.e, n |-> n]
       [] w.k = "clear" -> claim = [e |-> w.e, n |-> n] /\ cust = [e |-> w.e, n |-> n]
       [] w.k \in {"permit", "step"} ->
            /\ claim = [e |-> w.e, n |-> n]
            /\ CustodyBeforeLogin => cust = [e |-> w.e, n |-> n]
            /\ w.k = "step" /\ StepBeforeCode => step = w.s - 1

\* Reading back commutes with everything else, so a process that runs does it at once.
After(n) ==
  IF req[n].e # ep[n] THEN ph[n] ELSE
  CASE req[n].k = "claim" /\ ph[n] = "claiming" -> "fencing"
    [] req[n].k = "custody" /\ ph[n] = "fencing" -> "login"
    [] req[n].k = "permit" /\ ph[n] = "login" -> "permitted"
    [] req[n].k = "step" /\ ph[n] = "permitted" -> "granted"
    [] OTHER -> ph[n]

CommitWrite(n) ==
  LET w == req[n] IN
  /\ w.k # None /\ Holds(n)
  /\ claim' = IF w.k = "claim" THEN [e |-> w.e, n |-> n] ELSE claim
  /\ cust' = CASE w.k = "custody" -> [e |-> w.e, n |-> n]
               [] w.k = "clear" -> [e |-> 0, n |-> None]
               [] OTHER -> cust
  /\ step' = IF w.k = "step" THEN w.s ELSE step
  /\ req' = Set(req, n, NoWrite)
  /\ ph' = IF Up(n) /\ sess[n] = "live" /\ LeaseHeld(n) THEN Set(ph, n, After(n)) ELSE ph
  /\ UNCHANGED <<daemon, gw, ep, ok, stp, leaseVars, sessVars, tk, brokerVars, slept, faults, calm>>

\* Refused; or lost on the way, which matters only if nobody waits for it any more (a write that is lost and asked again is a slow one).
DropWrite(n) ==
  /\ req[n].k # None
  /\ ~Holds(n) \/ (After(n) = ph[n] /\ ph[n] # "ceding" /\ ~calm)
  /\ req' = Set(req, n, NoWrite)
  /\ UNCHANGED <<nodeVars, leaseVars, sessVars, recVars, brokerVars, slept, faults, calm>>

Ask(n, k, e, s) == req' = Set(req, n, [k |-> k, e |-> e, s |-> s])

-----------------------------------------------------------------------------
(* From standby to custody *)

Goes(n, to) == ph' = Set(ph, n, to)
Fresh(n) ==
  /\ last' = Set(last, n, 0)
  /\ prev' = Set(prev, n, 1)
  /\ rn' = Set(rn, n, -1)
  /\ seen' = Set(seen, n, 1)
  /\ pend' = Set(pend, n, 0)
  /\ ping' = Set(ping, n, TRUE)
  /\ flow' = Set(flow, n, 1)
ToStandby(n) ==
  /\ Fresh(n)
  /\ Goes(n, "standby")
  /\ ep' = Set(ep, n, 0)
  /\ ok' = Set(ok, n, FALSE)
  /\ stp' = Set(stp, n, 0)

\* Who cannot renew makes room, though its session lives.
StandBack(n) ==
  /\ Reads(n) /\ First(n) /\ ph[n] = "standby" /\ ~calm
  /\ tk' = Without(n)
  /\ UNCHANGED <<nodeVars, leaseVars, sessVars, claim, cust, step, req, brokerVars, slept, faults, calm>>

Elected(n) ==
  /\ Reads(n) /\ First(n) /\ ph[n] = "standby"
  /\ claim.e < (IF Settles /\ ~calm THEN MaxEpoch - 2 ELSE MaxEpoch)
  /\ Goes(n, "claiming")
  /\ ep' = Set(ep, n, claim.e + 1)
  /\ Ask(n, "claim", claim.e + 1, 0)
  /\ UNCHANGED <<daemon, gw, ok, stp, leaseVars, sessVars, recVars, brokerVars, slept, faults, calm>>

Claimed(n) ==
  /\ Reads(n) /\ ph[n] = "claiming" /\ LeaseHeld(n) /\ ClaimIs(n)
  /\ Goes(n, "fencing")
  /\ UNCHANGED <<daemon, gw, ep, ok, stp, leaseVars, sessVars, recVars, req, brokerVars, slept, faults, calm>>

ClaimLost(n) ==
  /\ Up(n) /\ ph[n] \in {"claiming", "fencing"}
  /\ \/ ~LeaseHeld(n)
     \/ Reads(n) /\ (~First(n) \/ ~ClaimIs(n))
  /\ ToStandby(n)
  /\ UNCHANGED <<daemon, gw, sess, recVars, req, brokerVars, slept, faults, calm>>

\* The call to the former holder: it answers once it is out of the way.
Relinquished(n, m) ==
  /\ Up(n) /\ ph[n] = "fencing" /\ cust.n = m /\ m # n /\ ~ok[n]
  /\ Up(m) /\ ph[m] = "standby" /\ gw[m] = "out"
  /\ ok' = Set(ok, n, TRUE)
  /\ UNCHANGED <<daemon, gw, ph, ep, stp, leaseVars, sessVars, recVars, req, brokerVars, slept, faults, calm>>

\* Nobody to fence; or it confirmed; or its record is gone, so its session has ended, so its lease ended before.
FormerStopped(n) == IF cust.n \in {None, n} THEN TRUE ELSE ok[n] \/ (ExpiryFences /\ ~Counted(cust.n))

AskCustody(n) ==
  /\ Reads(n) /\ First(n) /\ ph[n] = "fencing" /\ LeaseHeld(n)
  /\ ~CustodyIs(n) /\ CustodyBeforeLogin
  /\ FormerStopped(n)
  /\ Ask(n, "custody", ep[n], 0)
  /\ UNCHANGED <<nodeVars, leaseVars, sessVars, recVars, brokerVars, slept, faults, calm>>

CustodyTaken(n) ==
  /\ Reads(n) /\ First(n) /\ ph[n] = "fencing" /\ LeaseHeld(n)
  /\ IF CustodyBeforeLogin THEN CustodyIs(n) ELSE FormerStopped(n)
  /\ Goes(n, "login")
  /\ UNCHANGED <<daemon, gw, ep, ok, stp, leaseVars, sessVars, recVars, req, brokerVars, slept, faults, calm>>

-----------------------------------------------------------------------------
(* The login *)

\* The permit: an attempt in the ledger. One that was committed and not noticed is asked for again; it costs budget, no more.
AskPermit(n) ==
  /\ Reads(n) /\ First(n) /\ ph[n] = "login" /\ LeaseHeld(n)
  /\ step < (IF Settles /\ ~calm THEN MaxStep - 2 ELSE MaxStep)
  /\ Ask(n, "permit", ep[n], 0)
  /\ UNCHANGED <<nodeVars, leaseVars, sessVars, recVars, brokerVars, slept, faults, calm>>

\* The page wants a code. Clocks may say anything; the worst case is that each is at the first step that the ledger allows.
AskStep(n) ==
  /\ Reads(n) /\ First(n) /\ ph[n] = "permitted" /\ LeaseHeld(n)
  /\ stp[n] = 0 \/ step # stp[n]
  /\ step < MaxStep
  /\ stp' = Set(stp, n, step + 1)
  /\ IF StepBeforeCode THEN Ask(n, "step", ep[n], step + 1) /\ ph' = ph
                       ELSE Goes(n, "granted") /\ req' = req
  /\ UNCHANGED <<daemon, gw, ep, ok, leaseVars, sessVars, recVars, brokerVars, slept, faults, calm>>

Granted(n) ==
  /\ Reads(n) /\ First(n) /\ ph[n] = "permitted" /\ LeaseHeld(n) /\ stp[n] # 0 /\ step = stp[n]
  /\ Goes(n, "granted")
  /\ UNCHANGED <<daemon, gw, ep, ok, stp, leaseVars, sessVars, recVars, req, brokerVars, slept, faults, calm>>

\* The guard is asked at this instant, without the loop: a process that was frozen gets the right answer.
Submit(n) ==
  /\ Up(n)
  /\ \/ ph[n] = "granted" /\ (RecheckAtSubmission => LeaseAge(n) < LeaseEnd)
     \/ ph[n] = "late"
  /\ Goes(n, "serving")
  /\ gw' = Set(gw, n, "in")
  /\ holder' = n
  /\ twice' = (twice \/ stp[n] \in shown)
  /\ shown' = shown \cup {stp[n]}
  /\ stp' = Set(stp, n, 0)
  /\ IF StepBeforeCode THEN req' = req ELSE Ask(n, "step", ep[n], stp[n])
  /\ UNCHANGED <<daemon, ep, ok, leaseVars, sessVars, recVars, slept, faults, calm>>

\* Only in the broken variant: the record of custody follows the login.
CustodyAfterwards(n) ==
  /\ ~CustodyBeforeLogin
  /\ Reads(n) /\ ph[n] = "serving" /\ LeaseHeld(n) /\ ~CustodyIs(n)
  /\ Ask(n, "custody", ep[n], 0)
  /\ UNCHANGED <<nodeVars, leaseVars, sessVars, recVars, brokerVars, slept, faults, calm>>

\* Displaced, and still the leader: the session is opened again, without credentials.
Retake(n) ==
  /\ Reads(n) /\ ph[n] = "serving" /\ LeaseHeld(n) /\ gw[n] = "in" /\ holder # n
  /\ holder' = n
  /\ UNCHANGED <<nodeVars, leaseVars, sessVars, recVars, req, shown, twice, slept, faults, calm>>

\* Not promised, and so not forbidden: the gateway of a process that overslept may repeat its handshake by itself.
RetakesByItself(n) ==
  /\ slept[n] /\ gw[n] = "in" /\ holder # n /\ ~calm
  /\ holder' = n
  /\ UNCHANGED <<nodeVars, leaseVars, sessVars, recVars, req, shown, twice, slept, faults, calm>>

-----------------------------------------------------------------------------
(* Giving up *)

GatewayOut(n) ==
  /\ gw' = Set(gw, n, "out")
  /\ holder' = IF holder = n THEN None ELSE holder
  /\ slept' = Set(slept, n, FALSE)

SelfFence(n) ==
  /\ Up(n) /\ ph[n] \in Guarded \ {"late"}
  /\ \/ ~LeaseHeld(n)
     \/ sess[n] = "live" /\ ~First(n)
     \/ \E m \in Nodes \ {n} : ph[m] = "fencing" /\ Up(m) /\ cust.n = n /\ ep[m] > ep[n]   \* asked to relinquish
  /\ Goes(n, "selfFencing")
  /\ ep' = Set(ep, n, 0)
  /\ ok' = Set(ok, n, FALSE)
  /\ stp' = Set(stp, n, 0)
  /\ UNCHANGED <<daemon, gw, leaseVars, sessVars, recVars, req, brokerVars, slept, faults, calm>>

\* Also the first deed of a new life.
Fenced(n) ==
  /\ Up(n) /\ ph[n] = "selfFencing"
  /\ ToStandby(n)
  /\ GatewayOut(n)
  /\ UNCHANGED <<daemon, sess, recVars, req, shown, twice, faults, calm>>

Cede(n) ==
  /\ Up(n) /\ ph[n] \in {"fencing", "login", "permitted", "serving"} /\ faults > 0 /\ ~calm
  /\ req[n] = NoWrite
  /\ faults' = faults - 1
  /\ Goes(n, "ceding")
  /\ ok' = Set(ok, n, FALSE)
  /\ stp' = Set(stp, n, 0)
  /\ UNCHANGED <<daemon, gw, ep, leaseVars, sessVars, recVars, req, brokerVars, slept, calm>>

LoggedOut(n) ==
  /\ Up(n) /\ ph[n] = "ceding" /\ gw[n] = "in"
  /\ GatewayOut(n)
  /\ UNCHANGED <<daemon, ph, ep, ok, stp, leaseVars, sessVars, recVars, req, shown, twice, faults, calm>>

ClearCustody(n) ==
  /\ Reads(n) /\ First(n) /\ ph[n] = "ceding" /\ CustodyIs(n)
  /\ LogoutBeforeRelease => gw[n] = "out"
  /\ Ask(n, "clear", ep[n], 0)
  /\ UNCHANGED <<nodeVars, leaseVars, sessVars, recVars, brokerVars, slept, faults, calm>>

Leave(n) ==
  /\ Reads(n) /\ ph[n] = "ceding" /\ ~CustodyIs(n)
  /\ LogoutBeforeRelease => gw[n] = "out"
  /\ tk' = Without(n)
  /\ IF gw[n] = "out" THEN ToStandby(n) ELSE UNCHANGED <<ph, ep, ok, stp, leaseVars, seen, pend, ping, flow>>
  /\ UNCHANGED <<daemon, gw, sess, claim, cust, step, req, brokerVars, slept, faults, calm>>

-----------------------------------------------------------------------------
(* Faults *)

Fault == faults > 0 /\ ~calm /\ faults' = faults - 1

\* Of the daemon, also when it is frozen (the watchdog). The gateway may outlive it for a moment.
Crash(n) ==
  /\ daemon[n] # "dead" /\ ph[n] \notin {"standby", "claiming"} /\ Fault
  /\ daemon' = Set(daemon, n, "dead")
  /\ ph' = Set(ph, n, "selfFencing")
  /\ ep' = Set(ep, n, 0)
  /\ ok' = Set(ok, n, FALSE)
  /\ stp' = Set(stp, n, 0)
  /\ sess' = Set(sess, n, IF sess[n] = "live" THEN "left" ELSE IF sess[n] = "gone" THEN None ELSE sess[n])
  /\ IF gw[n] = "in" THEN rn' = Set(rn, n, -1) /\ UNCHANGED <<last, prev, seen, pend, ping, flow>> ELSE Fresh(n)
  /\ UNCHANGED <<gw, recVars, req, brokerVars, slept, calm>>

\* The service manager ends what is left of the control group.
Reap(n) ==
  /\ daemon[n] = "dead" /\ gw[n] = "in"
  /\ GatewayOut(n)
  /\ Fresh(n)
  /\ UNCHANGED <<daemon, ph, ep, ok, stp, sess, recVars, req, shown, twice, faults, calm>>

Restart(n) ==
  /\ daemon[n] = "dead" /\ gw[n] = "out"
  /\ daemon' = Set(daemon, n, "up")
  /\ UNCHANGED <<gw, ph, ep, ok, stp, leaseVars, sessVars, recVars, req, brokerVars, slept, faults, calm>>

\* Between the check and the socket too: what was checked goes out when the process thaws.
Freeze(n) ==
  /\ Up(n) /\ AtStake(n) /\ ph[n] # "claiming" /\ Fault
  /\ daemon' = Set(daemon, n, "frozen")
  /\ \/ ph' = ph
     \/ ph[n] = "granted" /\ LeaseAge(n) < LeaseEnd /\ Goes(n, "late")
  /\ UNCHANGED <<gw, ep, ok, stp, leaseVars, sessVars, recVars, req, brokerVars, slept, calm>>

Thaw(n) ==
  /\ daemon[n] = "frozen"
  /\ daemon' = Set(daemon, n, "up")
  /\ UNCHANGED <<gw, ph, ep, ok, stp, leaseVars, sessVars, recVars, req, brokerVars, slept, faults, calm>>

\* The gateway program ends by itself: another login in the same epoch.
GatewayDies(n) ==
  /\ gw[n] = "in" /\ ph[n] = "serving" /\ Up(n) /\ req[n] = NoWrite /\ Fault
  /\ GatewayOut(n)
  /\ Goes(n, "login")
  /\ UNCHANGED <<daemon, ep, ok, stp, leaseVars, sessVars, recVars, req, shown, twice, calm>>

\* Somebody deletes the entry, or Curator's latch begins anew after a reconnect, while the session lives on.
TicketLost(n) ==
  /\ Stands(n) /\ sess[n] = "live" /\ Fault
  /\ tk' = Without(n)
  /\ UNCHANGED <<nodeVars, leaseVars, sessVars, claim, cust, step, req, brokerVars, slept, calm>>

FaultsEnd ==
  /\ Settles /\ ~calm
  /\ calm' = TRUE
  /\ UNCHANGED <<nodeVars, leaseVars, sessVars, recVars, req, brokerVars, slept, faults>>

-----------------------------------------------------------------------------
(* What can happen *)

Progress(n) ==
  \/ Renewed(n) \/ Expire(n) \/ Undertake(n)
  \/ CommitWrite(n) \/ DropWrite(n)
  \/ Join(n) \/ Elected(n) \/ Claimed(n) \/ ClaimLost(n)
  \/ \E m \in Nodes : Relinquished(n, m)
  \/ AskCustody(n) \/ CustodyTaken(n)
  \/ AskPermit(n) \/ AskStep(n) \/ Granted(n) \/ Submit(n)
  \/ CustodyAfterwards(n) \/ Retake(n)
  \/ SelfFence(n) \/ Fenced(n)
  \/ LoggedOut(n) \/ ClearCustody(n) \/ Leave(n)
  \/ Reap(n)

\* Comes back, or not: a cluster must do without.
Return(n) == Restart(n) \/ Thaw(n)

Chaos(n) ==
  \/ StandBack(n) \/ Cede(n) \/ RetakesByItself(n)
  \/ Crash(n) \/ Freeze(n) \/ GatewayDies(n) \/ TicketLost(n)

-----------------------------------------------------------------------------
(* Time passes *)

Tick ==
  /\ \A n \in Nodes : Prompt(n)
  /\ calm => ~ENABLED (\E n \in Nodes : Progress(n))   \* once faults have ended, messages and machines are prompt
  /\ last' = [n \in Nodes |-> IF AtStake(n) THEN Least(last[n] + 1, LeaseEnd) ELSE 0]
  /\ prev' = [n \in Nodes |-> IF AtStake(n) THEN Least(prev[n] + 1, LeaseEnd) ELSE 1]
  /\ rn' = [n \in Nodes |->
       CASE ~AtStake(n) \/ sess[n] # "live" -> -1
         [] rn[n] \in 0..(Delay - 1) -> rn[n] + 1
         [] OTHER -> IF Up(n) THEN 0 ELSE -1]       \* sends one; what was unanswered for so long is given up
  /\ seen' = [n \in Nodes |-> IF AtStake(n) /\ Counted(n) THEN Least(seen[n] + 1, T) ELSE 1]
  /\ pend' = [n \in Nodes |-> IF AtStake(n) /\ Counted(n) THEN Least(pend[n] + 1, T) ELSE 0]
  /\ ping' = [n \in Nodes |-> TRUE]
  /\ flow' = [n \in Nodes |-> IF ~SyncBehindRenewal /\ AtStake(n) /\ Counted(n) THEN Least(flow[n] + 1, T) ELSE 1]
  /\ slept' = [n \in Nodes |->
       \/ slept[n]
       \/ /\ daemon[n] = "frozen"
          /\ gw[n] = "in" \/ ph[n] = "late"
          /\ (IF LastButOne THEN prev'[n] ELSE last'[n]) >= LeaseEnd]
  /\ UNCHANGED <<nodeVars, sess, recVars, req, brokerVars, faults, calm>>

Next == Tick \/ FaultsEnd \/ \E n \in Nodes : Progress(n) \/ Return(n) \/ Chaos(n)

Spec == Init /\ [][Next]_vars
FairSpec == Spec /\ WF_vars(Tick) /\ WF_vars(FaultsEnd) /\ WF_vars(\E n \in Nodes : Progress(n))

-----------------------------------------------------------------------------
(* What must hold *)

\* What the guard answers at this instant, frozen or not.
Entitled(n) == ph[n] \in Acting /\ daemon[n] # "dead" /\ LeaseAge(n) < LeaseEnd

\* At most one node is entitled; at most one gateway is logged in, but for that of a process that was frozen beyond its lease.
SingleSession ==
  \A n, m \in Nodes : n # m =>
    /\ ~(Entitled(n) /\ Entitled(m))
    /\ gw[n] = "in" /\ gw[m] = "in" => slept[n] \/ slept[m]

\* Whoever acts under the highest epoch acts alone.
FenceBeforeStart ==
  \A n, m \in Nodes :
    n # m /\ ph[n] \in Acting /\ ClaimIs(n) => ~Entitled(m) /\ (gw[m] = "in" => slept[m])

OneCodePerStep == ~twice

\* Whoever may be logged in is named by custody, so that a successor knows whom to fence: nothing is released before it is stopped.
StopBeforeRelease == \A n \in Nodes : gw[n] = "in" => cust.n = n \/ slept[n]

\* A submission needs the lease and custody, but for one that was frozen between the check and the socket.
NoStaleEffect ==
  [][\A n \in Nodes : ph[n] = "granted" /\ ph'[n] = "serving" => LeaseAge(n) < LeaseEnd /\ CustodyIs(n)]_vars

MonotonicEpoch == [][claim' # claim => claim'.e > claim.e]_vars

Serves == \E n \in Nodes : Up(n) /\ ph[n] = "serving" /\ holder = n /\ LeaseHeld(n)
Liveness == <>[](\E n \in Nodes : Up(n)) => <>[]Serves

Symmetry == Permutations(Nodes)
=============================================================================
