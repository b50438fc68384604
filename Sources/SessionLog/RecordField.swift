import Units

/// One field of a record as a value, for exports and for clients that do not read protobuf.
public struct RecordField: Hashable, Sendable {
  public enum Value: Hashable, Sendable {
    case integer(Int64)
    case boolean(Bool)
    case text(String)
    case integers([Int64])
  }

  /// With its unit: `measured_depth_um`.
  public var name: String
  public var value: Value
}

extension SessionEvent {
  /// The record's fields in the order of its schema. Records write every field they know, so one that is missing was not
  /// measured.
  public var fields: [RecordField] {
    let shape = record.channel.shape
    let payload = record.payload(logTime: UInt64(clamping: at.sinceEpoch.count))
    var found: [Int: RecordField.Value] = [:]
    do throws(RecordError) {
      try ProtobufFields.forEach(in: payload.span) { (number, value) throws(RecordError) in
        let index = Int(clamping: number) - 1
        guard shape.fields.indices.contains(index) else { return }
        found[index] = try Self.value(value, shape.fields[index].kind, payload.span)
      }
    } catch {
      // A record in memory encodes to what its own shape says; nothing is left to read of one that does not.
      return []
    }
    return shape.fields.enumerated().compactMap { index, field in
      found[index].map { RecordField(name: field.name, value: $0) }
    }
  }

  private static func value(
    _ value: ProtobufFields.Value, _ kind: MessageShape.Kind, _ payload: Span<UInt8>
  ) throws(RecordError) -> RecordField.Value {
    switch kind {
    case .unsigned32, .unsigned64, .fixed64: .integer(Int64(clamping: value.unsigned))
    case .signed32, .signed64: .integer(value.signed)
    case .boolean: .boolean(value.isTrue)
    case .text: .text(value.text(payload))
    case .numbers: .integers(try value.numbers(payload).map(Int64.init))
    case .names(let names):
      .text(value.unsigned < UInt64(names.count) ? names[Int(value.unsigned)] : "\(value.unsigned)")
    }
  }
}

extension SessionRecord {
  fileprivate func payload(logTime: UInt64) -> [UInt8] {
    var payload: [UInt8] = []
    let record: any LoggedRecord =
      switch self {
      case .session(let record): record
      case .stroke(let record): record
      case .dot(let record): record
      case .state(let record): record
      case .setting(let record): record
      case .zone(let record): record
      case .material(let record): record
      case .intent(let record): record
      case .loop(let record): record
      case .drive(let record): record
      case .note(let record): record
      case .action(let record): record
      }
    record.encode(into: &payload, logTime: logTime)
    return payload
  }
}
