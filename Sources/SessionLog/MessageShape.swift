/// The layout of one kind of record: what a `.proto` file would say, as a value.
///
/// From it come the descriptor that travels in the session file and the column names of exports, so they cannot drift apart.
public struct MessageShape: Sendable {
  public enum Kind: Sendable {
    case unsigned32
    case unsigned64
    /// Eight bytes as they are, for numbers whose low bytes are noise or repeat elsewhere in the message.
    case fixed64
    case signed32
    case signed64
    case boolean
    case text
    /// Packed `uint32`.
    case numbers
    /// An enumeration: the names of its values from 0.
    case names([String])
  }

  public struct Field: Sendable {
    /// With its unit: `measured_depth_um`.
    public let name: String
    public let kind: Kind
  }

  /// Without the package: `Stroke`.
  public let name: String
  /// Field numbers are positions from 1.
  public let fields: [Field]

  init(_ name: String, _ fields: KeyValuePairs<String, Kind>) {
    self.name = name
    self.fields = fields.map { Field(name: $0.key, kind: $0.value) }
  }

  /// The name under which readers know it.
  public var fullName: String { "stipple." + name }

  /// A `google.protobuf.FileDescriptorSet` that holds this one message, as MCAP's schema encoding `protobuf` wants it.
  var descriptorSet: [UInt8] {
    var file: [UInt8] = []
    file.append(field: 1, text: "stipple/\(name).proto")
    file.append(field: 2, text: "stipple")
    file.append(field: 4, bytes: message)
    file.append(field: 12, text: "proto3")
    var set: [UInt8] = []
    set.append(field: 1, bytes: file)
    return set
  }

  /// `google.protobuf.DescriptorProto`.
  private var message: [UInt8] {
    var message: [UInt8] = []
    message.append(field: 1, text: name)
    for (index, field) in fields.enumerated() {
      var entry: [UInt8] = []
      entry.append(field: 1, text: field.name)
      entry.append(field: 3, unsigned: UInt64(index + 1))
      entry.append(field: 4, unsigned: field.kind.label)
      entry.append(field: 5, unsigned: field.kind.typeNumber)
      if case .names = field.kind {
        entry.append(field: 6, text: ".\(fullName).\(Self.typeName(field.name))")
      }
      message.append(field: 2, bytes: entry)
    }
    for field in fields {
      guard case .names(let names) = field.kind else { continue }
      message.append(field: 4, bytes: Self.enumeration(Self.typeName(field.name), names, prefix: field.name))
    }
    return message
  }

  /// `google.protobuf.EnumDescriptorProto`. Value names share one scope in protobuf, hence the field's name before each.
  private static func enumeration(_ name: String, _ names: [String], prefix: String) -> [UInt8] {
    var result: [UInt8] = []
    result.append(field: 1, text: name)
    for (number, value) in names.enumerated() {
      var entry: [UInt8] = []
      entry.append(field: 1, text: "\(prefix)_\(value)".uppercased())
      entry.append(field: 2, unsigned: UInt64(number))
      result.append(field: 2, bytes: entry)
    }
    return result
  }

  /// `verdict` → `Verdict`.
  private static func typeName(_ field: String) -> String {
    field.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}

extension MessageShape.Kind {
  /// `FieldDescriptorProto.Type`.
  fileprivate var typeNumber: UInt64 {
    switch self {
    case .unsigned64: 4
    case .fixed64: 6
    case .boolean: 8
    case .text: 9
    case .unsigned32, .numbers: 13
    case .names: 14
    case .signed32: 17
    case .signed64: 18
    }
  }

  /// `FieldDescriptorProto.Label`: optional or repeated.
  fileprivate var label: UInt64 {
    if case .numbers = self { return 3 }
    return 1
  }
}
