import Glibc
import Testing

@testable import LinuxMachine

@Suite struct SerialHandoverTests {
  @Test func aPortIsNeededUntilOneIsOfferedAndAgainOnlyWhenTheLoopsOwnHasFailed() throws {
    let terminal = try PseudoTerminal()
    let handover = SerialHandover()
    #expect(handover.isPortNeeded)
    handover.offer(try SerialPort(path: terminal.path, baud: 115_200))
    // Offered and not taken yet: a second one would only find the first one holding the device.
    #expect(!handover.isPortNeeded)
    let taken = handover.loopEnd.take(insteadOf: -1)
    #expect(taken >= 0)
    handover.loopEnd.report(isUp: true)
    #expect(!handover.isPortNeeded)
    handover.loopEnd.report(isUp: false)
    #expect(handover.isPortNeeded)
    close(taken)
  }
}
