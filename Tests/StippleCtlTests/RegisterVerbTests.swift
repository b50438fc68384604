import ControlInterface
import Glibc
import Synchronization
import Testing
import Varlink

@testable import stipplectl

@Suite struct RegisterVerbTests {
  @Test func aClientIsRegisteredAndItsConsentNoted() async throws {
    try await Bench.with { bench in
      let created = await bench.run("client", "create", "C-0042")
      #expect(created.output.hasPrefix("Client C-0042 is registered.\n"))
      let consent = await bench.run("client", "consent", "C-0042", "B-117")
      #expect(consent.output == "The consent of client C-0042 is recorded.\n")
      #expect(
        bench.machine.calls == [
          #"Create {"code":"C-0042"}"#, #"RecordConsent {"code":"C-0042","reference":"B-117"}"#,
        ])
    }
  }

  @Test func clientsAreListedWithTheNumberTheAuditKnowsThemBy() async throws {
    try await Bench.with { bench in
      #expect(
        await bench.run("client", "list").output == """
          Client  Consent  Sessions  Last seen         In the audit
          C-0042  B-117           2  2026-11-21 12:00      client 7

          """)
    }
  }

  @Test func aClientIsErasedOnlyWhenTheCodeIsGivenTwice() async throws {
    try await Bench.with { bench in
      var bench = bench
      bench.typed = "C-0043"
      let refused = await bench.run("client", "erase", "C-0042", "--reason", "asked for it")
      #expect(refused.status == .invalidValue)
      #expect(bench.machine.calls == [])
      bench.typed = "C-0042"
      let erased = await bench.run("client", "erase", "C-0042", "--reason", "asked for it")
      #expect(erased.output == "Client C-0042 is erased, and 1 recordings with it.\n")
      #expect(bench.machine.calls == [#"Erase {"code":"C-0042","reason":"asked for it"}"#])
    }
  }

  @Test func anUnknownClientIsToldHowToRegisterIt() async throws {
    try await Bench.with { bench in
      bench.machine.refuse(Sessions.NotFound(kind: "client", name: "C-0099", known: []))
      let outcome = await bench.run("session", "open", "--client", "C-0099")
      #expect(outcome.status == .notFound)
      #expect(
        outcome.errors == """
          stipplectl: cannot open a session: there is no client 'C-0099'.
          Check the code, or register it: stipplectl client create CODE.

          """)
    }
  }

  @Test func aPlanShowsWhatEachStageAimsAt() async throws {
    try await Bench.with { bench in
      #expect(
        await bench.run("plan", "show", "P1").output == """
          Plan           P1
          For            client C-0042
          Hairline       soft
          Made           2026-11-21 12:00
          Interval       14 days before the same zone again
          Sessions done  1; next: definition

          Zone        Area  Dots    Per cm²  Foundation  Definition  Refinement
          hairline  12 cm²   360  30 of 200      30 ash           –           –  scar

          """)
      _ = await bench.run("plan", "zone", "P1", "hairline", "--area", "12 cm²", "--scar")
      _ = await bench.run("plan", "stage", "P1", "foundation", "hairline", "--target", "30", "--shade", "ash")
      #expect(
        bench.machine.calls.suffix(2) == [
          #"SetZone {"plan":"P1","zone":"hairline","attributes":["scar"],"area_mm2":1200}"#,
          #"SetStage {"plan":"P1","stage":"foundation","zone":"hairline","target_per_cm2":30,"shade":"ash"}"#,
        ])
      #expect(
        await bench.run("plan", "stage", "P1", "finish", "hairline", "--target", "30", "--shade", "ash")
          .status
          == .usage)
    }
  }

  @Test func whatToThinkOfStandsUnderTheAnswer() async throws {
    try await Bench.with { bench in
      bench.machine.script.withLock { $0.warnings = ["no consent is recorded for this client"] }
      let outcome = await bench.run("session", "open", "--client", "C-0042")
      #expect(outcome.output.hasSuffix("then arm.\nNote: no consent is recorded for this client.\n"))
    }
  }

  @Test func aReasonThatIsNeededIsAskedFor() async throws {
    try await Bench.with { bench in
      bench.machine.refuse(
        Sessions.InvalidValue(
          field: "reason", value: "",
          limit: "hairline was worked 10 days ago; under 14 days it takes a reason"))
      let outcome = await bench.run("session", "zone", "hairline")
      #expect(outcome.status == .invalidValue)
      #expect(
        outcome.errors == """
          stipplectl: cannot set the zone: reason is needed.
          Needed: hairline was worked 10 days ago; under 14 days it takes a reason.

          """)
    }
  }

  @Test func theAuditIsShownAndVerified() async throws {
    try await Bench.with { bench in
      #expect(
        await bench.run("audit", "tail").output == """
          ── session 20261121-1
            12  2026-11-21 12:00  uid 4000000000, technician  session.open client 7

          """)
      let intact = await bench.run("audit", "verify")
      #expect(intact.status == .ok)
      #expect(intact.output == "Intact: 12 entries.\nHead: \(Samples.hash)\n")
      bench.machine.script.withLock {
        $0.auditVerdict = .init(
          isIntact: false, lengthEntries: 3, firstWrongSequence: 4, finding: "the entry was changed")
      }
      let broken = await bench.run("audit", "verify", "--head", Samples.hash)
      #expect(broken.status == .verificationFailed)
      #expect(broken.output.hasPrefix("NOT INTACT: entry 4: the entry was changed.\n"))
      #expect(await bench.run("audit", "verify", "--state", "/nonexistent").status == .notFound)
    }
  }

  @Test(arguments: ["mcap", "jsonl", "csv"])
  func anExportIsWrittenWholeOrNotAtAll(_ format: String) async throws {
    try await Bench.with { bench in
      let path = "/tmp/stipplectl-export-\(getpid())-\(UInt32.random(in: 0 ... .max))"
      defer { unsafe unlink(path) }
      let outcome = await bench.run("session", "export", "20261121-1", "--format", format, "--output", path)
      #expect(outcome.output == "8 bytes are in \(path).\n")
      let written = try TextFile.read(path)
      #expect(written == "a needle")
      let again = await bench.run("session", "export", "20261121-1", "--format", format, "--output", path)
      #expect(again.status == .failure, "what is there is never overwritten")
      unsafe unlink(path)
      bench.machine.refuse(Sessions.NotFound(kind: "session", name: "x", known: []))
      #expect(
        await bench.run("session", "export", "x", "--format", format, "--output", path).status == .notFound)
      #expect(!TextFile.exists(path) && !TextFile.exists(path + ".draft"))
    }
  }

  @Test func aPurgeNamesWhatGoesAndAsks() async throws {
    try await Bench.with { bench in
      var bench = bench
      bench.typed = "n"
      #expect(await bench.run("session", "purge").status == .failure)
      #expect(bench.machine.calls == [#"Purge {"dry_run":true}"#])
      #expect(await bench.run("session", "purge", "--yes").output == "1 recordings were deleted.\n")
    }
  }

  @Test func aSessionIsRecoveredByTheDaemonAFileHere() async throws {
    try await Bench.with { bench in
      let outcome = await bench.run("session", "recover", "20261121-1")
      #expect(
        outcome.output == """
          Recovered: 426 strokes in 213 dots, to /s/20261121-1.recovered-1.mcap.
            skipped 20 bytes at offset 100: wrong CRC

          """)
      #expect(await bench.run("session", "recover", "a.mcap").status == .usage)
      #expect(await bench.run("session", "recover", "20261121-1", "--output", "x").status == .usage)
    }
  }

  @Test func theDateIsConfirmed() async throws {
    try await Bench.with { bench in
      let outcome = await bench.run("machine", "confirm-date", "2026-11-21")
      #expect(outcome.output == "Confirmed: the board has 2026-11-21 12:00.\n")
      #expect(bench.machine.calls == [#"ConfirmDate {"date":"2026-11-21"}"#])
    }
  }
}
