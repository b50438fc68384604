internal import CLinux
internal import Glibc
public import StrokeControl

/// The drive's serial line: raw 8N1, non-blocking, ours alone, with the driver's latency timer off where it has one.
public struct SerialPort: ~Copyable, Sendable {
  /// What reading or writing came to.
  public enum Transfer: Equatable, Sendable {
    /// Bytes moved; 0 when there was nothing to read or no room to write.
    case moved(Int)
    /// The line hung up (its other end closed) or failed; it stays so.
    case gone
  }

  let descriptor: OwnedDescriptor
  public let path: String
  /// The baud the driver chose, which may be near what was asked for rather than equal to it.
  public let baud: UInt32
  /// Whether the driver took ASYNC_LOW_LATENCY; ptys have no such thing.
  public let lowLatency: Bool

  /// Opens `path` at `baud` (any rate the driver can make) and drops what either direction held.
  ///
  /// Throws when it does not exist, is no terminal, is held by another program, or refuses the rate.
  public init(path: String, baud: UInt32) throws(DeviceError) {
    let opened: OwnedDescriptor
    do throws(Errno) {
      opened = try OwnedDescriptor(path: path, flags: O_RDWR | O_NOCTTY | O_NONBLOCK)
    } catch {
      throw DeviceError(attempt: "opening", device: path, cause: error)
    }
    // Configuring comes first: it is what tells a terminal from another file.
    var actual: UInt32 = 0
    let configured = unsafe stipple_serial_configure(opened.rawValue, baud, &actual)
    guard configured == 0 else {
      throw DeviceError(attempt: "setting \(baud) baud on", device: path, cause: Errno(result: configured))
    }
    let claimed = stipple_serial_claim(opened.rawValue)
    guard claimed == 0 else {
      throw DeviceError(attempt: "claiming", device: path, cause: Errno(result: claimed))
    }
    self.path = path
    self.baud = actual
    lowLatency = stipple_serial_low_latency(opened.rawValue) == 0
    descriptor = opened
  }

  /// Appends what waits, as much as fits into `bytes`.
  public func read(into bytes: inout SerialBytes) -> Transfer {
    let room = SerialBytes.capacity - bytes.count
    guard room > 0 else { return .moved(0) }
    return unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: room) { buffer in
      let result = unsafe stipple_read(descriptor.rawValue, buffer.baseAddress, room)
      if result == -Int(EAGAIN) || result == -Int(EINTR) { return .moved(0) }
      guard result > 0 else { return .gone }
      for index in 0..<result { unsafe bytes.append(buffer[index]) }
      return .moved(result)
    }
  }

  /// Writes as much of `bytes` as the line takes now.
  public func write(_ bytes: SerialBytes) -> Transfer {
    let count = bytes.count
    return unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: SerialBytes.capacity) { buffer in
      for index in 0..<count { unsafe buffer[index] = bytes[index] }
      let result = unsafe stipple_write(descriptor.rawValue, buffer.baseAddress, count)
      if result == -Int(EAGAIN) || result == -Int(EINTR) { return .moved(0) }
      return result >= 0 ? .moved(result) : .gone
    }
  }

  /// Closes the port. A real port may first wait for its last bytes to leave: never call this from the loop.
  public consuming func close() throws(Errno) { try descriptor.close() }

  /// Gives the descriptor away; the caller closes it.
  consuming func release() -> Int32 { descriptor.release() }
}
