import ControlInterface
import Synchronization
import Testing
import Varlink

@testable import stipplectl

@Suite struct DeviceVerbTests {
  @Test func statusNamesWhatKeepsTheMachineFromBeingArmed() async throws {
    try await Bench.with { bench in
      let outcome = await bench.run("status")
      #expect(outcome.status == .ok)
      #expect(
        outcome.output == """
          State    standby: torque off
          Needle   home
          Profile  none in use
          Session  none open
          Limits   150 Hz, 1.00 mm beyond the nose, dwell 6 ms, 40 dots/cm²
          Drive    ready, 12,345 replies, 2 late, 1 damaged
          Loop     999 of 1,000 wakes within 0.25 ms, the worst 1.25 ms late

          Before it can be armed
            session    no session is open: open one (stipplectl session open)
            self-test  the self-test has not passed since start: run it (stipplectl
                       selftest)

          """)
    }
  }

  @Test func aDriveThatIsNotReadySaysWhyAndWhatToDo() {
    var line = Samples.drive
    line.state = .down
    line.explanation = "its serial line is closed or broken: plug the adapter in"
    #expect(
      StatusWords.drive(line, 31.4)
        == "not ready: its serial line is closed or broken: plug the adapter in (31.4 °C, 12,345 replies, 2 late, 1 damaged)"
    )
    line.replies = 0
    line.timeouts = 0
    line.checksumErrors = 0
    line.explanation = nil
    #expect(StatusWords.drive(line, nil) == "not ready")
  }

  @Test func statusAsJSONIsTheReply() async throws {
    try await Bench.with { bench in
      let outcome = await bench.json("status")
      let json = try JSONParser.parse(Array(outcome.output.utf8))
      #expect(json == Device.GetStatus.Reply(status: Samples.standby).json)
    }
  }

  @Test func armingEndsWhenTheMachineIsArmed() async throws {
    try await Bench.with { bench in
      #expect(
        await bench.run("arm")
          == .init(status: .ok, output: "Armed: the pedal moves the needle.\n", errors: ""))
      #expect(bench.machine.calls == ["Arm {}", "GetStatus {}"])
    }
  }

  @Test func aRefusedArmNamesEveryConditionAndWhatToDo() async throws {
    try await Bench.with { bench in
      bench.machine.script.withLock {
        $0.refusal = Device.NotReady(unmet: [
          "guard_closed: the guard is open: close it", "session: open one",
        ])
      }
      let outcome = await bench.run("arm")
      #expect(outcome.status == .refusedByState)
      #expect(
        outcome.errors == """
          stipplectl: cannot arm: 2 conditions are not met:
            guard closed  the guard is open: close it
            session       open one

          """)
      let json = try JSONParser.parse(Array(await bench.json("arm").output.utf8))
      #expect(json["error"]?["exit_code"]?.integer == 4)
      #expect(json["error"]?["name"]?.string == "org.stipple.Device.NotReady")
      #expect(json["error"]?["parameters"]?["unmet"]?.array?.count == 2)
    }
  }

  @Test func stopAndDisarmSayWhatHappensToTheTorque() async throws {
    try await Bench.with { bench in
      let stop = await bench.run("stop")
      #expect(stop.status == .ok)
      #expect(stop.output == "Stopped: no new stroke; torque is off once the needle is home.\n")
      #expect(await bench.run("disarm").output == "Disarmed: torque is off once the needle is home.\n")
      #expect(await bench.json("stop").output == "{}\n")
    }
  }

  @Test func faultsAreListedTheMostUrgentFirst() async throws {
    try await Bench.with { bench in
      #expect(await bench.run("fault", "list").output == "No faults.\n")
      bench.machine.script.withLock { $0.status = Samples.faulty }
      #expect(
        await bench.run("fault", "list").output == """
            HIGH  needle_unproved  since 12:01:06
              Nothing proves the needle home. Treat it as out.
              Shown by NEEDLE_HOME=0
              The cause is still there.
            LOW  cartridge_removed  since 12:01:05
              The cartridge came out while torque was on. Fit a sterile one and register
              it.
              Shown by CARTRIDGE_N=1
              The cause is gone: stipplectl fault acknowledge cartridge_removed

          """)
    }
  }

  @Test func acknowledgingTakesOneCodeOrAll() async throws {
    try await Bench.with { bench in
      bench.machine.script.withLock { $0.status = Samples.faulty }
      let all = await bench.run("fault", "acknowledge")
      #expect(all.output == "Acknowledged: cartridge_removed, needle_unproved.\n")
      _ = await bench.run("fault", "ack", "drive_link")
      #expect(
        bench.machine.calls
          == [#"AcknowledgeFault {"code":null}"#, #"AcknowledgeFault {"code":"drive_link"}"#])
      bench.machine.script.withLock { $0.refusal = Device.NotFound(code: "drive_link") }
      let missing = await bench.run("fault", "acknowledge", "drive_link")
      #expect(missing.status == .notFound)
      #expect(missing.errors == "stipplectl: cannot acknowledge: there is no latched fault 'drive_link'.\n")
    }
  }

  @Test func aFailedSelfTestIsStatusEight() async throws {
    try await Bench.with { bench in
      let passed = await bench.run("selftest")
      #expect(passed.status == .ok)
      #expect(
        passed.output == """
          passed  inputs                        GUARD=1
          passed  safe torque off               dropped in 3 ms
          Self-test passed.

          """)
      bench.machine.script.withLock { $0.selfTestPasses = false }
      let failed = await bench.run("selftest")
      #expect(failed.status == .verificationFailed)
      #expect(failed.output.hasSuffix("FAILED  safe torque off               STO_FB stayed 1\n"))
      #expect(failed.errors.hasPrefix("stipplectl: the self-test failed: the machine cannot be armed."))
    }
  }

  @Test func aMachineThatIsNotAsItsProfileSaysIsStatusEight() async throws {
    try await Bench.with { bench in
      let passed = await bench.run("machine", "check")
      #expect(passed.status == .ok)
      #expect(
        passed.output == """
          ok      chip              gpiochip0 'rig', 32 lines
          ok      FIRE              line 10 'FIRE', an output now, held

          """)
      bench.machine.script.withLock { $0.boardPasses = false }
      let failed = await bench.run("machine", "check")
      #expect(failed.status == .verificationFailed)
      #expect(failed.output.hasSuffix("FAILED  FIRE              GPIO chip 'rig' has no line 'FIRE'\n"))
      #expect(failed.errors.hasPrefix("stipplectl: the machine is not as its profile says."))
    }
  }

  @Test func theMachineAndItsTimingAreShown() async throws {
    try await Bench.with { bench in
      let machine = await bench.run("machine", "show")
      #expect(machine.status == .ok)
      #expect(machine.output.hasPrefix("Machine     virtual-linear (virtual: no real needle)\n"))
      #expect(
        machine.output.contains("  Depth beyond the nose  1.00 mm hairline, temples, frontal, sides, nape\n"))
      #expect(machine.output.contains("Withheld by the host\n  no real-time scheduling: run as a service\n"))
      let timing = await bench.run("timing")
      #expect(timing.output.contains("999 of 1,000 within      0.25 ms\n"))
      #expect(timing.output.contains("0.064 ms  90,000  ██████████████████████████████\n"))
      #expect(timing.output.contains("deadline  100,000       300,000         3\n"))
    }
  }

  @Test func watchPrintsOneLineForEachChange() async throws {
    try await Bench.with { bench in
      var later = Samples.running
      later.atUs += 1_000
      bench.machine.script.withLock {
        $0.watched = [Samples.standby, Samples.running, later, Samples.faulty]
      }
      let outcome = await bench.run("watch")
      #expect(outcome.status == .notConnected)
      #expect(
        outcome.output == """
          12:00:00.000  standby    needle home    
          12:00:22.250  session 20261121-1 opened
          12:00:22.250  profile hairline-soft version 3
          12:00:22.250  zone hairline
          12:00:22.250  cartridge 3rl-030 LOT7
          12:00:22.250  pigment Graphite cool B22
          12:00:22.250  self-test: fulfilled
          12:00:22.250  standby → running
          12:00:22.250  running    needle out       99.8 Hz  depth 0.452 mm  dwell 2.1 ms  hairline 213 of 480 dots  426 strokes
          12:01:07.000  fault cartridge_removed (low): The cartridge came out while torque was on. Fit a sterile one and register it.
          12:01:07.000  fault needle_unproved (high): Nothing proves the needle home. Treat it as out.
          12:01:07.000  needle not proved home: treat it as out
          12:01:07.000  running → fault
          12:01:07.000  fault      needle unproved  hairline 213 of 480 dots  426 strokes

          """)
    }
  }
}
