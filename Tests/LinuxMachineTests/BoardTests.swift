import LinuxMachine
import NeedleSafety
import Testing
import Units

@Suite struct BoardTests {
  private let nowhere = BoardConfiguration.named(chip: "no-such-chip", serial: nil)

  @Test func aBoardByNameHasEveryLineOfTheSignalTable() {
    #expect(nowhere.inputs.count == 10)
    #expect(nowhere.outputs.count == 8)
    #expect(nowhere.inputs[.driveFaultAbsent] == .name("DRIVE_FAULT_N"))
    #expect(nowhere.outputs[.torqueEnableA] == .name("STO_EN_A"))
  }

  @Test func anEmergencyStopThatIsNotWiredReadsAsOpen() {
    #expect(!nowhere.unwired.isHigh(.emergencyStopA))
  }

  @Test func aMissingChipIsNamed() throws {
    let wakeUp = try WakeUp()
    do {
      let machine = try LinuxMachine(nowhere, wakeUp: wakeUp)
      Issue.record("opened a board with outputs at \(machine.levelsBeforeOpening)")
    } catch {
      // A host whose chips this user may not open cannot say that the label is missing.
      switch error {
      case .chipMissing(let chip), .chipUnusable(let chip, _): #expect(chip == "no-such-chip")
      default: Issue.record("\(error)")
      }
    }
  }

  @Test func aMissingSerialLineIsToldBeforeAnyLineIsTouched() throws {
    var configuration = nowhere
    configuration.serial = BoardConfiguration.Serial(path: "/dev/no-such-line", baud: 9_600)
    let wakeUp = try WakeUp()
    do {
      let machine = try LinuxMachine(configuration, wakeUp: wakeUp)
      Issue.record("opened a board with outputs at \(machine.levelsBeforeOpening)")
    } catch {
      #expect(error.description.contains("/dev/no-such-line"))
    }
  }

  @Test func aCheckWithoutAChipSaysOnlyThat() {
    let check = BoardCheck(nowhere)
    #expect(!check.passed)
    #expect(check.findings.map(\.subject) == ["chip"])
  }

  @Test func aMissingWatchdogDeviceIsNamed() {
    do {
      let watchdog = try HardwareWatchdog.open(
        path: "/dev/no-such-watchdog", timeoutSeconds: 2, pretimeoutSeconds: nil, interval: .seconds(1),
        progress: { 0 })
      watchdog.stop()
      Issue.record("opened")
    } catch {
      #expect(error.device == "/dev/no-such-watchdog")
      #expect(error.cause.name == "ENOENT")
    }
  }
}
