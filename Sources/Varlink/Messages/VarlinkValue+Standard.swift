extension Bool: VarlinkValue {
  public init(json: JSONValue) throws(TypeMismatch) {
    guard let value = json.bool else { throw TypeMismatch(path: "", expected: "bool", found: json.kind) }
    self = value
  }
  public var json: JSONValue { .bool(self) }
}

extension Int: VarlinkValue {
  public init(json: JSONValue) throws(TypeMismatch) {
    guard let value = json.integer, let exact = Int(exactly: value) else {
      throw TypeMismatch(path: "", expected: "int", found: json.kind)
    }
    self = exact
  }
  public var json: JSONValue { .integer(Int64(self)) }
}

extension Double: VarlinkValue {
  public init(json: JSONValue) throws(TypeMismatch) {
    guard let value = json.float else { throw TypeMismatch(path: "", expected: "float", found: json.kind) }
    self = value
  }
  public var json: JSONValue { .float(self) }
}

extension String: VarlinkValue {
  public init(json: JSONValue) throws(TypeMismatch) {
    guard let value = json.string else { throw TypeMismatch(path: "", expected: "string", found: json.kind) }
    self = value
  }
  public var json: JSONValue { .string(self) }
}

/// Varlink's `object`.
extension JSONObject: VarlinkValue {
  public init(json: JSONValue) throws(TypeMismatch) {
    guard let value = json.object else { throw TypeMismatch(path: "", expected: "object", found: json.kind) }
    self = value
  }
  public var json: JSONValue { .object(self) }
}

extension Optional: VarlinkValue where Wrapped: VarlinkValue {
  public init(json: JSONValue) throws(TypeMismatch) { self = json.isNull ? nil : try Wrapped(json: json) }
  public var json: JSONValue { map(\.json) ?? .null }
}

extension Array: VarlinkValue where Element: VarlinkValue {
  public init(json: JSONValue) throws(TypeMismatch) {
    guard let elements = json.array else {
      throw TypeMismatch(path: "", expected: "an array", found: json.kind)
    }
    self = []
    reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      do {
        append(try Element(json: element))
      } catch {
        throw error.inside("[\(index)]")
      }
    }
  }
  public var json: JSONValue { .array(map(\.json)) }
}

/// Varlink's `[string]T`. Written in the order of its keys, so that the same value is always the same text.
extension Dictionary: VarlinkValue where Key == String, Value: VarlinkValue {
  public init(json: JSONValue) throws(TypeMismatch) {
    guard let object = json.object else {
      throw TypeMismatch(path: "", expected: "an object", found: json.kind)
    }
    self = [:]
    for (name, element) in object {
      do {
        self[name] = try Value(json: element)
      } catch {
        throw error.inside("[\(name)]")
      }
    }
  }

  public var json: JSONValue {
    var object = JSONObject()
    for (name, value) in sorted(by: { $0.key < $1.key }) { object[name] = value.json }
    return .object(object)
  }
}

/// Varlink's `[string]()`.
extension Set: VarlinkValue where Element == String {
  public init(json: JSONValue) throws(TypeMismatch) {
    guard let object = json.object else {
      throw TypeMismatch(path: "", expected: "an object", found: json.kind)
    }
    self = Set(object.names)
  }

  public var json: JSONValue {
    var object = JSONObject()
    for name in sorted() { object[name] = [:] }
    return .object(object)
  }
}
