/// A JSON value that keeps what the wire said: an integer stays apart from a float, and an object keeps its order.
public enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  /// A number written without fraction and exponent, −2⁶³ … 2⁶³ − 1.
  case integer(Int64)
  /// Any other number. A value that is not finite has no JSON form and is written as `null`.
  case float(Double)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// What a message calls this kind of value: "an integer", "a string" and so on.
  public var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a bool"
    case .integer: "an integer"
    case .float: "a float"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

extension JSONValue {
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  public var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
  public var string: String? { if case .string(let value) = self { value } else { nil } }
  public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
  public var object: JSONObject? { if case .object(let value) = self { value } else { nil } }
  public var isNull: Bool { self == .null }

  /// The number as a float; an integer counts, as JSON has but one kind of number.
  public var float: Double? {
    switch self {
    case .float(let value): value
    case .integer(let value): Double(value)
    default: nil
    }
  }

  /// The field of an object; nil when this is no object or has no such field.
  public subscript(field: String) -> JSONValue? { object?[field] }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
  ExpressibleByNilLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int64) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .float(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  public init(nilLiteral: ()) { self = .null }
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    var object = JSONObject()
    for (name, value) in elements { object[name] = value }
    self = .object(object)
  }
}
