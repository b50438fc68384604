/// A kind of record that a session file holds.
///
/// Records carry no time of their own: the log gives each the instant it happened, as wall clock at session open plus
/// monotonic time since.
public protocol LoggedRecord: Sendable {
  static var channel: SessionChannel { get }
  static var shape: MessageShape { get }
  /// Appends the payload. `logTime` is the record's time, nanoseconds since 1970.
  func encode(into payload: inout [UInt8], logTime: UInt64)
  /// Reads a payload; unknown fields are skipped, missing ones keep their defaults.
  init(payload: Span<UInt8>) throws(RecordError)
}
