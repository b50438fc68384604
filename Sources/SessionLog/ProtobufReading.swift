/// One message's fields, read without trapping: whatever is damaged or unknown is an error or skipped, never guessed.
struct ProtobufFields {
  enum Value {
    case number(UInt64)
    case bytes(Range<Int>)
  }

  /// Calls `body` with each field in turn; the range of `.bytes` is within `payload`.
  @inline(__always)
  static func forEach(
    in payload: Span<UInt8>, _ body: (UInt64, Value) throws(RecordError) -> Void
  ) throws(RecordError) {
    var at = 0
    while at < payload.count {
      let tag = try varint(payload, &at)
      switch tag & 7 {
      case 0: try body(tag >> 3, .number(try varint(payload, &at)))
      case 1: try body(tag >> 3, .number(try fixed(payload, &at, count: 8)))
      case 2:
        let length = try varint(payload, &at)
        guard length <= UInt64(payload.count - at) else {
          throw RecordError(reason: "a field reaches past its message")
        }
        try body(tag >> 3, .bytes(at..<(at + Int(length))))
        at += Int(length)
      case 5: try body(tag >> 3, .number(try fixed(payload, &at, count: 4)))
      default: throw RecordError(reason: "wire type \(tag & 7) is not known")
      }
    }
  }

  @inline(__always)
  static func varint(_ payload: Span<UInt8>, _ at: inout Int) throws(RecordError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while at < payload.count, shift < 64 {
      let byte = payload[at]
      at += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw RecordError(reason: "a number does not end")
  }

  private static func fixed(_ payload: Span<UInt8>, _ at: inout Int, count: Int) throws(RecordError) -> UInt64
  {
    guard payload.count - at >= count else { throw RecordError(reason: "a number does not end") }
    var value: UInt64 = 0
    for index in 0..<count { value |= UInt64(payload[at + index]) << UInt64(8 * index) }
    at += count
    return value
  }
}

/// A message whose payload cannot be what its channel says.
public struct RecordError: Error, Hashable, Sendable {
  public var reason: String
}

extension ProtobufFields.Value {
  var unsigned: UInt64 {
    if case .number(let value) = self { return value }
    return 0
  }
  var signed: Int64 { Int64(bitPattern: (unsigned >> 1) ^ (0 &- (unsigned & 1))) }
  var isTrue: Bool { unsigned != 0 }
  /// Clamped, so that a damaged number is a strange value and never a trap.
  var unsigned32: UInt32 { UInt32(clamping: unsigned) }
  var signed32: Int32 { Int32(clamping: signed) }

  func text(_ payload: Span<UInt8>) -> String {
    guard case .bytes(let range) = self else { return "" }
    return unsafe payload.extracting(range).withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
  }

  func numbers(_ payload: Span<UInt8>) throws(RecordError) -> [UInt32] {
    guard case .bytes(let range) = self else { return [unsigned32] }
    let inner = payload.extracting(range)
    var at = 0
    var values: [UInt32] = []
    while at < inner.count { values.append(UInt32(clamping: try ProtobufFields.varint(inner, &at))) }
    return values
  }
}
