import Glibc
import LinuxMachine
import StrokeControl
import Testing

@Suite struct SerialPortTests {
  private func bytes(of serial: SerialBytes) -> [UInt8] { (0..<serial.count).map { serial[$0] } }

  @Test func everyByteValuePassesUnchangedInPiecesOf64() throws {
    let terminal = try PseudoTerminal()
    let port = try SerialPort(path: terminal.path, baud: 115_200)
    let all = (0...255).map { UInt8($0) }
    #expect(terminal.send(all) == 256)
    var received: [UInt8] = []
    for _ in 0..<4 {
      var piece = SerialBytes()
      #expect(port.read(into: &piece) == .moved(64))
      received += bytes(of: piece)
    }
    #expect(received == all)
    var nothing = SerialBytes()
    #expect(port.read(into: &nothing) == .moved(0))
  }

  @Test func writtenBytesPassUnchanged() throws {
    let terminal = try PseudoTerminal()
    let port = try SerialPort(path: terminal.path, baud: 9_600)
    // CR, LF, XON, XOFF, interrupt and 255 are what a line discipline that is not raw would change.
    var frame = SerialBytes()
    for byte: UInt8 in [0x0D, 0x0A, 0x11, 0x13, 0x03, 0xFF, 0x00] { frame.append(byte) }
    #expect(port.write(frame) == .moved(7))
    #expect(terminal.receive(64) == [0x0D, 0x0A, 0x11, 0x13, 0x03, 0xFF, 0x00])
  }

  @Test func aBaudThatNoListNamesIsTaken() throws {
    let terminal = try PseudoTerminal()
    let port = try SerialPort(path: terminal.path, baud: 250_000)
    #expect(port.baud == 250_000)
  }

  @Test func whatWaitedBeforeOpeningIsDropped() throws {
    let terminal = try PseudoTerminal()
    let first = try SerialPort(path: terminal.path, baud: 9_600)
    #expect(terminal.send([1, 2, 3]) == 3)
    try first.close()
    let second = try SerialPort(path: terminal.path, baud: 9_600)
    var nothing = SerialBytes()
    #expect(second.read(into: &nothing) == .moved(0))
  }

  @Test func aLineInUseIsRefused() throws {
    let terminal = try PseudoTerminal()
    let first = try SerialPort(path: terminal.path, baud: 9_600)
    #expect(throws: DeviceError.self) { _ = try SerialPort(path: terminal.path, baud: 9_600).baud }
    try first.close()
    #expect(try SerialPort(path: terminal.path, baud: 9_600).baud == 9_600)
  }

  @Test func aLineWhoseOtherEndClosedIsGone() throws {
    let terminal = try PseudoTerminal()
    let port = try SerialPort(path: terminal.path, baud: 9_600)
    _ = consume terminal
    var piece = SerialBytes()
    #expect(port.read(into: &piece) == .gone)
    piece.append(1)
    #expect(port.write(piece) == .gone)
  }

  @Test func aFileThatIsNoTerminalIsRefused() {
    do {
      let port = try SerialPort(path: "/dev/null", baud: 9_600)
      Issue.record("opened \(port.path)")
    } catch {
      #expect(error.cause == Errno(code: ENOTTY))
      #expect(error.device == "/dev/null")
    }
  }

  @Test func aPathThatDoesNotExistIsNamed() {
    do {
      let port = try SerialPort(path: "/dev/no-such-line", baud: 9_600)
      Issue.record("opened \(port.path)")
    } catch {
      #expect(
        error == DeviceError(attempt: "opening", device: "/dev/no-such-line", cause: Errno(code: ENOENT)))
    }
  }
}
