/// A type as an interface definition writes it.
public indirect enum VarlinkType: Hashable, Sendable {
  case bool
  /// 64 bits, signed.
  case int
  /// A double; an integer on the wire is accepted for it, as JSON has one kind of number.
  case float
  case string
  /// Any JSON value that is an object, not described further.
  case object
  /// A type that the interface defines by name.
  case named(String)
  case structure([Field])
  case enumeration([Enumerator])
  case nullable(VarlinkType)
  case array(VarlinkType)
  /// `[string]T`.
  case map(VarlinkType)

  /// A field of a struct, of a method's parameters or of an error.
  public struct Field: Hashable, Sendable {
    public var name: String
    public var type: VarlinkType
    /// The comment above the field; empty when there is none.
    public var documentation: String
  }

  /// A value of an enum.
  public struct Enumerator: Hashable, Sendable {
    public var name: String
    public var documentation: String
  }

  /// `[string]()`: a set of strings, written on the wire as an object of empty objects.
  public static let stringSet: VarlinkType = .map(.structure([]))
}

extension VarlinkType: CustomStringConvertible {
  /// The type as the definition language writes it, on one line.
  public var description: String {
    switch self {
    case .bool: "bool"
    case .int: "int"
    case .float: "float"
    case .string: "string"
    case .object: "object"
    case .named(let name): name
    case .structure(let fields): "(" + fields.map { "\($0.name): \($0.type)" }.joined(separator: ", ") + ")"
    case .enumeration(let values): "(" + values.map(\.name).joined(separator: ", ") + ")"
    case .nullable(let type): "?\(type)"
    case .array(let type): "[]\(type)"
    case .map(let type): "[string]\(type)"
    }
  }
}
