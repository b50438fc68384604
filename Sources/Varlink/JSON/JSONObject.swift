/// The fields of a JSON object, in the order in which they were written; two objects are equal in any order.
public struct JSONObject: Sendable {
  /// The field names, in order.
  public private(set) var names: [String] = []
  private var values: [String: JSONValue] = [:]

  public init() {}

  public var count: Int { names.count }
  public var isEmpty: Bool { names.isEmpty }

  /// The value of a field. Setting a new one appends it; setting nil removes it.
  public subscript(name: String) -> JSONValue? {
    get { values[name] }
    set {
      if let newValue {
        if values.updateValue(newValue, forKey: name) == nil { names.append(name) }
      } else if values.removeValue(forKey: name) != nil {
        names.removeAll { $0 == name }
      }
    }
  }

  /// Appends a field; false, and nothing changed, when the name is taken already.
  mutating func appendIfNew(_ name: String, _ value: JSONValue) -> Bool {
    guard values[name] == nil else { return false }
    values[name] = value
    names.append(name)
    return true
  }
}

extension JSONObject: Hashable {
  public static func == (a: Self, b: Self) -> Bool { a.values == b.values }
  public func hash(into hasher: inout Hasher) { hasher.combine(values) }
}

extension JSONObject: Sequence {
  public struct Iterator: IteratorProtocol {
    fileprivate let object: JSONObject
    fileprivate var index = 0

    public mutating func next() -> (name: String, value: JSONValue)? {
      guard index < object.names.count else { return nil }
      let name = object.names[index]
      index += 1
      return (name, object.values[name] ?? .null)
    }
  }

  public func makeIterator() -> Iterator { Iterator(object: self) }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    for (name, value) in elements { self[name] = value }
  }
}
