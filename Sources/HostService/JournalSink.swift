/// Where log lines go.
public protocol LogSink: Sendable {
  /// Takes a line without waiting; `false` when it could not.
  func take(_ line: LogLine) -> Bool
}

/// The journal, by its own protocol: each line with its fields in one datagram.
public struct JournalSink: LogSink {
  public static let path = "/run/systemd/journal/socket"
  /// A datagram of this size always fits; what is longer is cut, because the journal's way for more (a sealed memory file) is for
  /// core dumps, not for lines.
  static let longestValue = 16_384

  private let socket: DatagramSocket
  private let identifier: String

  /// `nil` when no journal listens.
  public init?(identifier: String, path: String = JournalSink.path) {
    guard let socket = DatagramSocket(path: path) else { return nil }
    self.socket = socket
    self.identifier = identifier
  }

  public func take(_ line: LogLine) -> Bool {
    socket.send(Self.datagram(line, identifier: identifier))
  }

  /// The line in the journal's words: `NAME=value` and a line break, or, where the value has line breaks of its own, its name, a
  /// line break, its length as 64 bits, and the value.
  static func datagram(_ line: LogLine, identifier: String) -> [UInt8] {
    var bytes: [UInt8] = []
    append("MESSAGE", line.text, to: &bytes)
    append("PRIORITY", String(line.priority), to: &bytes)
    append("SYSLOG_IDENTIFIER", identifier, to: &bytes)
    for (key, value) in line.fields.sorted(by: { $0.key < $1.key }) where !value.isEmpty {
      if let name = LogLine.fieldName(key) { append(name, value, to: &bytes) }
    }
    return bytes
  }

  private static func append(_ name: String, _ value: String, to bytes: inout [UInt8]) {
    let value = Array(value.utf8.prefix(longestValue))
    bytes += name.utf8
    if value.contains(0x0A) {
      bytes.append(0x0A)
      for shift in stride(from: 0, to: 64, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: UInt64(value.count) >> UInt64(shift)))
      }
    } else {
      bytes.append(UInt8(ascii: "="))
    }
    bytes += value
    bytes.append(0x0A)
  }
}
