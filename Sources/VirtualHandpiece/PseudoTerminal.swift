import Glibc
package import StrokeControl

/// A pseudo-terminal: the drive's end is held here, the board opens the other by its path, as it would a serial port.
public struct PseudoTerminal: ~Copyable {
  /// The call that failed and its errno.
  public struct Failure: Error, CustomStringConvertible {
    public var call: String
    public var code: CInt
    public var description: String {
      let text = unsafe String(cString: strerror(code))
      return "\(call): \(text); check that /dev/pts is mounted and has room"
    }
  }

  /// The drive's end, non-blocking. Closed with this value.
  package let descriptor: CInt
  /// The board's end, `/dev/pts/N`.
  public let path: String

  public init() throws(Failure) {
    var master: CInt = -1
    var slave: CInt = -1
    guard unsafe openpty(&master, &slave, nil, nil, nil) == 0 else {
      throw Failure(call: "openpty", code: errno)
    }
    // From the first byte on the line carries bytes as they are, whoever opens the other end.
    Self.makeRaw(slave)
    var name = [CChar](repeating: 0, count: 64)
    let result = unsafe name.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return ENOMEM }
      return unsafe ttyname_r(slave, base, buffer.count)
    }
    close(slave)
    guard result == 0 else {
      close(master)
      throw Failure(call: "ttyname_r", code: result)
    }
    path = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    descriptor = master
    _ = fcntl(master, F_SETFL, fcntl(master, F_GETFL) | O_NONBLOCK)
    _ = fcntl(master, F_SETFD, FD_CLOEXEC)
  }

  deinit { close(descriptor) }

  /// No echo, no translation, no signals.
  static func makeRaw(_ descriptor: CInt) {
    var settings = termios()
    guard unsafe tcgetattr(descriptor, &settings) == 0 else { return }
    unsafe cfmakeraw(&settings)
    unsafe _ = tcsetattr(descriptor, TCSANOW, &settings)
  }

  /// Opens the board's end, raw and non-blocking. The caller closes it.
  package func openBoardEnd() throws(Failure) -> CInt {
    let end = unsafe open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    guard end >= 0 else { throw Failure(call: "open \(path)", code: errno) }
    Self.makeRaw(end)
    return end
  }
}

/// Serial bytes through a descriptor, without waiting.
package enum SerialDescriptor {
  /// Reads what is there, up to the capacity. `false` when the other end is gone.
  package static func read(_ descriptor: CInt, into bytes: inout SerialBytes) -> Bool {
    var buffer = InlineArray<64, UInt8>(repeating: 0)
    let room = SerialBytes.capacity - bytes.count
    guard room > 0 else { return true }
    var span = buffer.mutableSpan
    let count = unsafe span.withUnsafeMutableBytes { raw in
      unsafe Glibc.read(descriptor, raw.baseAddress, room)
    }
    guard count > 0 else { return count < 0 && (errno == EAGAIN || errno == EINTR) }
    for index in 0..<count { bytes.append(buffer[index]) }
    return true
  }

  /// Writes what fits; how many bytes that was, -1 when the other end is gone.
  package static func write(_ descriptor: CInt, _ bytes: borrowing SerialBytes) -> Int {
    guard bytes.count > 0 else { return 0 }
    var buffer = InlineArray<64, UInt8>(repeating: 0)
    for index in 0..<bytes.count { buffer[index] = bytes[index] }
    let wanted = bytes.count
    let span = buffer.span
    let count = unsafe span.withUnsafeBytes { raw in unsafe Glibc.write(descriptor, raw.baseAddress, wanted) }
    if count >= 0 { return count }
    return errno == EAGAIN || errno == EINTR ? 0 : -1
  }
}
