/// What kind of material.
public enum MaterialKind: UInt8, CaseIterable, Sendable {
  case unknown
  case cartridge
  case pigment
}

/// A cartridge or pigment in use from the record's time on.
public struct MaterialRecord: LoggedRecord, Hashable {
  public var kind: MaterialKind
  /// Of its row in the catalog.
  public var identifier: String
  public var maker: String
  /// Product, or the cartridge's configuration.
  public var name: String
  /// Of a pigment.
  public var shade: String
  /// Lot or batch as printed.
  public var lot: String
  /// ISO date, `2027-05-31`; the last good day.
  public var expiry: String
  /// As the technician gave it: `1:3`.
  public var dilution: String

  public init(
    kind: MaterialKind = .unknown, identifier: String = "", maker: String = "", name: String = "",
    shade: String = "", lot: String = "", expiry: String = "", dilution: String = ""
  ) {
    self.kind = kind
    self.identifier = identifier
    self.maker = maker
    self.name = name
    self.shade = shade
    self.lot = lot
    self.expiry = expiry
    self.dilution = dilution
  }

  public static var channel: SessionChannel { .material }
  public static let shape = MessageShape(
    "Material",
    [
      "kind": .names(MaterialKind.allCases.map(\.fieldName)), "identifier": .text, "maker": .text,
      "name": .text, "shade": .text, "lot": .text, "expiry": .text, "dilution": .text,
    ])

  public func encode(into payload: inout [UInt8], logTime: UInt64) {
    payload.append(field: 1, unsigned: UInt64(kind.rawValue))
    payload.append(field: 2, text: identifier)
    payload.append(field: 3, text: maker)
    payload.append(field: 4, text: name)
    payload.append(field: 5, text: shade)
    payload.append(field: 6, text: lot)
    payload.append(field: 7, text: expiry)
    payload.append(field: 8, text: dilution)
  }

  public init(payload: Span<UInt8>) throws(RecordError) {
    self.init()
    try ProtobufFields.forEach(in: payload) { (field, value) throws(RecordError) in
      switch field {
      case 1: kind = MaterialKind(rawValue: UInt8(clamping: value.unsigned)) ?? .unknown
      case 2: identifier = value.text(payload)
      case 3: maker = value.text(payload)
      case 4: name = value.text(payload)
      case 5: shade = value.text(payload)
      case 6: lot = value.text(payload)
      case 7: expiry = value.text(payload)
      case 8: dilution = value.text(payload)
      default: break
      }
    }
  }
}
