/// A Swift value with a form in Varlink.
public protocol VarlinkValue: Sendable {
  /// Reads the value. The path in the error is relative to it: empty when the value itself is wrong.
  init(json: JSONValue) throws(TypeMismatch)
  var json: JSONValue { get }
}

/// A struct of a definition. Fields it does not know are ignored, so that the other side may be newer.
public protocol VarlinkStructure: VarlinkValue {
  init(fields: JSONObject) throws(TypeMismatch)
  var fields: JSONObject { get }
}

extension VarlinkStructure {
  public init(json: JSONValue) throws(TypeMismatch) {
    guard let object = json.object else {
      throw TypeMismatch(path: "", expected: "an object", found: json.kind)
    }
    try self.init(fields: object)
  }

  public var json: JSONValue { .object(fields) }
}

/// An enum of a definition; the raw value is its name there.
public protocol VarlinkEnumeration: VarlinkValue, RawRepresentable, CaseIterable where RawValue == String {}

extension VarlinkEnumeration {
  public init(json: JSONValue) throws(TypeMismatch) {
    guard let value = json.string.flatMap(Self.init(rawValue:)) else {
      let names = Self.allCases.map(\.rawValue).joined(separator: ", ")
      throw TypeMismatch(path: "", expected: "one of \(names)", found: "\(json)")
    }
    self = value
  }

  public var json: JSONValue { .string(rawValue) }
}

extension JSONObject {
  /// The field as a Swift value; a field that is absent reads as null.
  public func value<Value: VarlinkValue>(_ name: String) throws(TypeMismatch) -> Value {
    let json = self[name]
    do {
      return try Value(json: json ?? .null)
    } catch {
      throw error.inside(name, found: json == nil ? "nothing" : nil)
    }
  }
}

extension TypeMismatch {
  /// The same error seen from the struct or array around it.
  func inside(_ name: String, found: String? = nil) -> TypeMismatch {
    let separator = path.isEmpty || path.hasPrefix("[") ? "" : "."
    return TypeMismatch(
      path: name + separator + path, expected: expected,
      found: path.isEmpty ? found ?? self.found : self.found)
  }
}
