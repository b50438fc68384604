import ControlInterface
import Synchronization
import Testing
import Varlink

@testable import stipplectl

@Suite struct SimulateVerbTests {
  @Test func theHandsOfAVirtualMachine() async throws {
    try await Bench.with { bench in
      #expect(await bench.run("simulate", "pedal", "down").output == "The pedal is down.\n")
      #expect(await bench.run("simulate", "estop", "open").output == "The emergency stop's loops are open.\n")
      #expect(await bench.run("simulate", "guard", "closed").output == "The guard is closed.\n")
      #expect(await bench.run("simulate", "cartridge", "pull").output == "The cartridge is out.\n")
      let later = await bench.run("simulate", "inject", "needle_stuck", "--after", "1.5 s")
      #expect(later.output == "needle_stuck happens in 1.5 s.\n")
      #expect(
        bench.machine.calls == [
          #"Pedal {"down":true}"#, #"EmergencyStop {"open":true}"#, #"Guard {"open":false}"#,
          #"Cartridge {"inserted":false}"#, #"Inject {"fault":"needle_stuck","after_ms":1500}"#,
        ])
      #expect(await bench.run("simulate", "pedal", "sideways").status == .usage)
      #expect(await bench.run("simulate", "inject", "x", "--after", "1 us").status == .invalidValue)
    }
  }

  @Test func aFaultThatDoesNotExistIsAnsweredWithThoseThatDo() async throws {
    try await Bench.with { bench in
      let outcome = await bench.run("simulate", "inject", "flood")
      #expect(outcome.status == .notFound)
      #expect(outcome.errors.hasSuffix("'flood'.\nThere are: needle_stuck, drive_mute.\n"))
    }
  }

  @Test func onARealMachineTheHandsAreYours() async throws {
    try await Bench.with { bench in
      bench.machine.script.withLock {
        $0.refusal = ServiceError.interfaceNotFound(interface: "org.stipple.Simulation")
      }
      let outcome = await bench.run("simulate", "pedal", "down")
      #expect(outcome.status == .refusedByState)
      #expect(
        outcome.errors.hasPrefix(
          "stipplectl: cannot move the pedal: this machine is real, not a virtual one."))
    }
  }
}
