import ControlInterface
import Glibc
import Synchronization
import Testing
import Varlink

@testable import stipplectl

@Suite struct SessionVerbTests {
  @Test func aClientsSessionIsOpenedByCode() async throws {
    try await Bench.with { bench in
      let outcome = await bench.run("session", "open", "--client", "C-0042")
      #expect(outcome.status == .ok)
      #expect(
        outcome.output == """
          Session 20261121-1 is open for client C-0042.
          Next: session cartridge, session pigment, session zone, then arm.

          """)
      #expect(bench.machine.calls == [#"Open {"kind":"client","client":"C-0042","plan":null,"stage":null}"#])
    }
  }

  @Test func theBenchOpensOnlyWithItsWord() async throws {
    try await Bench.with { bench in
      var bench = bench
      bench.typed = "bnech"
      let refused = await bench.run("session", "open", "--bench")
      #expect(refused.status == .invalidValue)
      #expect(refused.errors.hasPrefix("The bench lifts the depth ceiling"))
      bench.typed = nil
      #expect(await bench.run("session", "open", "--bench").status == .invalidValue)
      #expect(bench.machine.calls == [])
      bench.typed = "bench"
      #expect(await bench.run("session", "open", "--bench").status == .ok)
      bench.typed = nil
      let given = await bench.run("session", "open", "--bench", "bench")
      #expect(given.output.hasSuffix("Depth ceiling lifted: keep the needle away from skin.\n"))
      #expect(
        bench.machine.calls.allSatisfy {
          $0 == #"Open {"kind":"bench","client":null,"plan":null,"stage":null}"#
        })
    }
  }

  @Test func eitherAClientOrTheBench() async throws {
    try await Bench.with { bench in
      #expect(await bench.run("session", "open").status == .usage)
      #expect(await bench.run("session", "open", "--client", "C", "--bench", "bench").status == .usage)
      #expect(bench.machine.calls == [])
    }
  }

  @Test(arguments: ["12 cm²", "12cm2", "1200 mm²"])
  func anAreaIsReadExactlyInAnyUnit(_ area: String) async throws {
    try await Bench.with { bench in
      let outcome = await bench.run("session", "zone", "hairline", "--area", area, "--thinning")
      #expect(outcome.output == "Zone hairline (thinning), 12 cm²: 0 of 480 dots so far.\n")
      #expect(
        bench.machine.calls
          == [
            #"SetZone {"zone":"hairline","attributes":["thinning"],"area_mm2":1200,"reason":null,"override_reason":null}"#
          ])
    }
  }

  @Test(arguments: [
    ("12", "'12' has no unit; expected an area such as 12.5 cm²"),
    ("12 ms", "'12 ms' is a time; expected an area such as 12.5 cm²"),
    ("0.001 cm²", "'0.001 cm²' has more decimals than 1 mm² resolves; expected an area such as 12.5 cm²"),
  ])
  func anAreaThatIsNoneNeverLeavesTheCommandLine(_ area: String, _ problem: String) async throws {
    try await Bench.with { bench in
      let outcome = await bench.run("session", "zone", "hairline", "--area", area)
      #expect(outcome.status == .invalidValue)
      #expect(outcome.errors == "stipplectl: --area: \(problem).\n")
      #expect(bench.machine.calls == [])
    }
  }

  @Test func cartridgeAndPigmentAreRegistered() async throws {
    try await Bench.with { bench in
      let cartridge = await bench.run(
        "session", "cartridge", "3rl-030", "--lot", "LOT7", "--expires", "2027-05-31")
      #expect(cartridge.output == "Cartridge 3rl-030, lot LOT7, may be used until 2027-05-31.\n")
      let pigment = await bench.run(
        "session", "pigment", "--maker", "Inkworks", "--name", "Graphite", "--shade", "cool", "--batch",
        "B22",
        "--expires", "2027-01-31", "--dilution", "62.5 %")
      #expect(
        pigment.output
          == "Pigment Graphite cool by Inkworks, batch B22, 62.5 %, may be used until 2027-01-31.\n")
      #expect(await bench.run("session", "note", "more pressure").output == "Noted.\n")
    }
  }

  @Test func showListsZonesAndMaterials() async throws {
    try await Bench.with { bench in
      let outcome = await bench.run("session", "show")
      #expect(
        outcome.output == """
          Session    20261121-1
          For        client C-0042
          State      open
          Opened     2026-11-21 12:00
          Dots       213, of 426 strokes
          Torque on  1 h 2 min
          Profile    hairline-soft
          Profiles   hairline-soft version 2, 3
          Zone now   hairline
          Faults     none
          Recording  /var/lib/stipple/sessions/20261121-1.mcap.part

          Zone          Area  Dots  Aim/cm²  Allowed  Strokes
          hairline  12.5 cm²   213               500      426  thinning

          Cartridge  Lot   Use until   Fitted    Strokes
          3rl-030    LOT7  2027-05-31  12:00:00      426

          Pigment   Shade  Maker     Batch  Use until   Pigment in it
          Graphite  cool   Inkworks  B22    2027-01-31           60 %

          """)
      let missing = await bench.run("session", "show", "x")
      #expect(missing.status == .notFound)
      #expect(
        missing.errors
          == "stipplectl: cannot show the session: there is no session 'x'.\nThere are: 20261121-1.\n")
    }
  }

  @Test func withoutAnySessionThereIsNothingToShow() async throws {
    try await Bench.with { bench in
      bench.machine.script.withLock { ($0.session, $0.sessions) = (nil, []) }
      #expect(await bench.run("session", "list").output == "No sessions.\n")
      let outcome = await bench.run("session", "report")
      #expect(outcome.status == .notFound)
      #expect(
        outcome.errors == """
          stipplectl: cannot give the report: no session was recorded yet.
          Open one: stipplectl session open --client CODE.

          """)
    }
  }

  @Test func sessionsAreListed() async throws {
    try await Bench.with { bench in
      #expect(
        await bench.run("session", "list").output == """
          Session     Client  State  Opened            Closed  Dots  Strokes
          20261121-1  C-0042  open   2026-11-21 12:00           213      426

          """)
      #expect(bench.machine.calls == [#"List {"limit":null,"before_at_us":null}"#])
    }
  }

  @Test func closingAndResumingSayWhatIsRecorded() async throws {
    try await Bench.with { bench in
      #expect(
        await bench.run("session", "close").output == """
          Session 20261121-1 is closed: 213 dots, 426 strokes.
          Recording: /var/lib/stipple/sessions/20261121-1.mcap.part
          Report: stipplectl session report 20261121-1

          """)
      #expect(
        await bench.run("session", "resume").output == """
          Session 20261121-1 goes on; 426 strokes are recorded.
          Uncertain: strokes 427 to 500: whether they happened is not known; they count as done.

          """)
    }
  }

  @Test func eventsAreLinesOrJSONLines() async throws {
    try await Bench.with { bench in
      #expect(
        await bench.run("session", "events", "--channel", "/dot").output
          == "12:00:01.250  /dot        dot=7 strokes=2 zone=hairline note='two words'\n")
      #expect(
        bench.machine.calls.last
          == #"Events {"id":"20261121-1","channels":["/dot"],"follow":null}"#)
      let line = await bench.json("session", "events", "20261121-1").output
      let event = try JSONParser.parse(Array(line.utf8))
      #expect(event == Samples.event.json)
    }
  }

  @Test func theReportIsJoinedFromItsPieces() async throws {
    try await Bench.with { bench in
      #expect(await bench.run("session", "report").output == "first half, second half\n")
      let file = bench.socket + ".html"
      defer { unsafe unlink(file) }
      let outcome = await bench.run("session", "report", "20261121-1", "--html", file)
      #expect(outcome.output == "The report of session 20261121-1 is in \(file).\n")
      let page = try TextFile.read(file)
      #expect(page == "first half, second half")
      #expect(await bench.run("session", "report", "--html", "/nowhere/x.html").status == .notFound)
    }
  }

  @Test func aRecordingThatIsNotIntactIsStatusEight() async throws {
    try await Bench.with { bench in
      #expect(await bench.run("session", "verify").output == "Intact: 426 strokes in 213 dots.\n")
      bench.machine.script.withLock {
        $0.verification = .init(isIntact: false, findings: ["the hash is another"], strokes: 426, dots: 213)
      }
      let outcome = await bench.run("session", "verify", "20261121-1")
      #expect(outcome.status == .verificationFailed)
      #expect(
        outcome.output.hasPrefix("NOT INTACT: 426 strokes in 213 dots can be read.\n  the hash is another\n"))
    }
  }
}
