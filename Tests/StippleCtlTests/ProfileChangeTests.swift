import ControlInterface
import Glibc
import Synchronization
import Testing
import Varlink

@testable import stipplectl

/// Changing profiles from the command line: shown, tried out, kept or taken back.
@Suite struct ProfileChangeTests {
  private static let shown = """
    hairline-soft, version 3 → 4:
      Depth  0.45 mm → 0.5 mm  at most 0.8 mm (cartridge '1rl-030')
      Zones  - [hairline]
             + [hairline, frontal]
      Note: 0.5 mm is unusual
    hairline-soft is not in use; nothing moves differently yet.

    """

  @Test func aChangeIsShownBesideItsCeilingAndKeptOnYes() async throws {
    try await Bench.with { bench in
      var bench = bench
      bench.typed = "y"
      let outcome = await bench.run("profile", "set", "hairline-soft", "depth=0.5mm", "rate=95Hz")
      #expect(outcome.status == .ok)
      #expect(outcome.output == Self.shown + "Kept: hairline-soft is version 4, in use.\n")
      #expect(outcome.errors == "Keep it? [y/N] (taken back in 1 min) ")
      #expect(
        bench.machine.calls == [
          "Propose {\"name\":\"hairline-soft\",\"changes\":[{\"field\":\"depth\",\"value\":\"0.5mm\"},{\"field\":\"rate\",\"value\":\"95Hz\"}],\"text\":null,\"base_version\":null,\"confirm_s\":null,\"hold\":true}",
          "GetStatus {}",
          "Confirm {\"ticket\":\"hairline-soft:4\"}",
        ], "the connection is held while somebody is asked")
    }
  }

  @Test func whatItDoesWhileItIsTriedOutIsSaid() async throws {
    try await Bench.with { bench in
      let words: [(Device.Status, String)] = [
        (Samples.standby, "hairline-soft is not in use; nothing moves differently yet."),
        (Samples.running, "It is tried out now: in force from the next stroke."),
        (Samples.faulty, "It is in use; the machine is armed again only once it is kept."),
      ]
      for (status, words) in words {
        bench.machine.script.withLock { $0.status = status }
        #expect(
          await bench.run("profile", "set", "hairline-soft", "depth=0.5mm", "--yes").output.contains(words))
      }
    }
  }

  @Test(arguments: ["n", "", nil])
  func anyOtherAnswerAndTheEndOfTheInputTakeItBack(answer: String?) async throws {
    try await Bench.with { bench in
      var bench = bench
      bench.typed = answer
      let outcome = await bench.run("profile", "set", "hairline-soft", "depth=0.5mm")
      #expect(outcome.status == .failure)
      #expect(outcome.output == Self.shown + "Taken back: hairline-soft is version 3 again.\n")
      #expect(bench.machine.calls.last == "Reject {\"ticket\":\"hairline-soft:4\"}")
    }
  }

  @Test func atATerminalTheTimeRunsOut() async throws {
    try await Bench.with { bench in
      var bench = bench
      bench.inTime = .timeIsUp
      let outcome = await bench.run("profile", "set", "hairline-soft", "depth=0.5mm")
      #expect(outcome.status == .failure)
      #expect(
        outcome.output.hasSuffix("Nobody answered in time. Taken back: hairline-soft is version 3 again.\n"))
      #expect(!bench.machine.calls.contains { $0.hasPrefix("Reject") || $0.hasPrefix("Confirm") })
      bench.inTime = .yes
      #expect(await bench.run("profile", "set", "hairline-soft", "depth=0.5mm").status == .ok)
    }
  }

  @Test func scriptsKeepAtOnceOrLater() async throws {
    try await Bench.with { bench in
      let kept = await bench.run("profile", "set", "hairline-soft", "depth=0.5mm", "--yes")
      #expect((kept.status, kept.errors) == (.ok, ""))
      let later = await bench.run(
        "profile", "set", "hairline-soft", "depth=0.5mm", "--later", "--confirm-within", "90s")
      #expect(later.status == .ok)
      #expect(later.output.hasSuffix("unless:\n  stipplectl profile confirm hairline-soft:4\n"))
      #expect(
        bench.machine.calls[3]
          == "Propose {\"name\":\"hairline-soft\",\"changes\":[{\"field\":\"depth\",\"value\":\"0.5mm\"}],\"text\":null,\"base_version\":null,\"confirm_s\":90,\"hold\":false}"
      )
      #expect(
        await bench.run("profile", "set", "x", "depth=1mm", "--yes", "--later").status == .usage)
      for wrong in ["0s", "11 min", "500ms", "soon"] {
        let outcome = await bench.run("profile", "set", "x", "depth=1mm", "--confirm-within", wrong)
        #expect(outcome.status == .invalidValue, "\(wrong)")
      }
    }
  }

  @Test func programsGetOneObject() async throws {
    try await Bench.with { bench in
      let outcome = await bench.json("profile", "set", "hairline-soft", "depth=0.5mm", "--yes")
      let object = try #require(try JSONParser.parse(Array(outcome.output.utf8)).object)
      #expect(object["outcome"]?.string == "confirmed")
      #expect(object["profile"]?.object?["version"] == .integer(4))
      #expect(object["proposal"]?.object?["differences"]?.array?.count == 2)
      #expect(object["warnings"] == ["0.5 mm is unusual"])
    }
  }

  @Test func somebodyElsesChangeIsNamedWithWhoAndWhat() async throws {
    try await Bench.with { bench in
      bench.machine.script.withLock { $0.proposal = Samples.proposal }
      let outcome = await bench.run("profile", "set", "hairline-soft", "rate=95Hz")
      #expect(outcome.status == .refusedByState)
      #expect(
        outcome.errors == """
          stipplectl: cannot change the profile: root (stipplectl) is trying out a change of hairline-soft:
            depth  0.45 mm → 0.5 mm
            zones  [hairline] → [hairline, frontal]
          It is kept or taken back within 1 min; look again then.
          Or take it back now: stipplectl profile reject hairline-soft:4.

          """)
      var editor = bench
      editor.editor = { _, _ in
        Issue.record("the editor was opened for nothing")
        return 0
      }
      #expect(await editor.run("profile", "edit", "hairline-soft").status == .refusedByState)
    }
  }

  @Test func aConfirmationThatComesTooLateSaysSo() async throws {
    try await Bench.with { bench in
      bench.machine.script.withLock {
        $0.confirmation = .init(
          is: "the time of hairline-soft version 4 is over, it is rolled back",
          needed: "propose the change again")
      }
      let outcome = await bench.run("profile", "confirm", "hairline-soft:4")
      #expect(outcome.status == .refusedByState)
      #expect(
        outcome.errors == """
          stipplectl: cannot keep the change: the time of hairline-soft version 4 is over, it is rolled back.
          Needed: propose the change again.

          """)
    }
  }

  @Test func confirmAndRejectFindTheChangeThereIs() async throws {
    try await Bench.with { bench in
      let none = await bench.run("profile", "confirm")
      #expect(none.status == .notFound)
      #expect(none.errors.hasPrefix("stipplectl: cannot keep the change: no change is tried out."))
      bench.machine.script.withLock { $0.proposal = Samples.proposal }
      #expect(await bench.run("profile", "confirm").output == "Kept: hairline-soft is version 4, in use.\n")
      #expect(
        await bench.run("profile", "reject", "hairline-soft").output
          == "Taken back: hairline-soft is version 3 again.\n")
      #expect(await bench.run("profile", "reject", "crown").status == .notFound)
      let list = await bench.run("profile", "list").output
      #expect(
        list.contains("Tried out by root (stipplectl): hairline-soft version 4, taken back in 1 min\n"))
    }
  }

  @Test func historyIsWrappedToTheTerminal() async throws {
    try await Bench.with { bench in
      #expect(
        await bench.run("profile", "history", "hairline-soft").output == """
             Version  State        Made              By              What
          *        3  confirmed    2026-11-21 12:00  root            rate 90 Hz → 100 Hz
                   2  rolled back  2026-11-21 11:00  uid 1001        depth 0.45 mm → 0.9
                                                                     mm; it was not
                                                                     confirmed in time
                   1  shipped      2026-11-20 12:00  stippled 0.1.0  from its file

          """)
    }
  }

  @Test func restoringAsksFirst() async throws {
    try await Bench.with { bench in
      var bench = bench
      bench.typed = "n"
      let refused = await bench.run("profile", "restore", "hairline-soft", "1")
      #expect(refused.status == .failure)
      #expect(refused.errors.contains("Put it in force? [y/N]"))
      #expect(!bench.machine.calls.contains { $0.hasPrefix("Restore") })
      bench.typed = "y"
      let restored = await bench.run("profile", "restore", "hairline-soft", "1")
      #expect(
        restored.output
          == "Restored: hairline-soft is version 4, the same as version 1, in use from the next stroke.\n")
      #expect(await bench.run("profile", "restore", "hairline-soft", "1", "--yes").status == .ok)
    }
  }

  @Test func withNothingButANameTheDifferenceIsToWhatWasShipped() async throws {
    try await Bench.with { bench in
      let outcome = await bench.run("profile", "diff", "hairline-soft")
      #expect(outcome.output.hasPrefix("hairline-soft, version 1 → version 3:\n  Depth  0.45 mm → 0.5 mm"))
      #expect(
        bench.machine.calls.last
          == "Diff {\"name\":\"hairline-soft\",\"changes\":null,\"text\":null,\"version\":3,\"from_version\":1}"
      )
      #expect(
        await bench.run("profile", "diff", "hairline-soft", "depth=1mm", "--version", "2").status == .usage)
    }
  }
}
