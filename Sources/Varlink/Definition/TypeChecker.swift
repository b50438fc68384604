/// Where a value departs from the type that a definition gives it.
public struct TypeMismatch: Error, Hashable, Sendable, CustomStringConvertible {
  /// Fields joined by dots, elements by index: `zone.attributes[2]`.
  public var path: String
  public var expected: String
  public var found: String

  public init(path: String, expected: String, found: String) {
    self.path = path
    self.expected = expected
    self.found = found
  }

  public var description: String { "\(path): expected \(expected), found \(found)" }
}

/// Checks JSON values against the types of one interface.
public struct TypeChecker: Sendable {
  /// What to do with fields that the definition does not have. A server refuses them: a misspelt parameter must not be
  /// taken for a default. A client lets them pass, so that a newer server may add fields.
  public enum UnknownFields: Sendable { case refuse, ignore }

  private let definition: InterfaceDefinition
  private let unknownFields: UnknownFields

  public init(_ definition: InterfaceDefinition, unknownFields: UnknownFields) {
    self.definition = definition
    self.unknownFields = unknownFields
  }

  /// Checks the fields of a call, a reply or an error. A field whose type is nullable may be absent.
  public func check(_ object: JSONObject, against fields: [VarlinkType.Field]) throws(TypeMismatch) {
    var known = 0
    for field in fields {
      if let value = object[field.name] {
        known += 1
        try check(value, field.type, inside: field.name)
      } else if case .nullable = field.type {
        continue
      } else {
        throw TypeMismatch(path: field.name, expected: "\(field.type)", found: "nothing")
      }
    }
    guard unknownFields == .refuse, known < object.count else { return }
    for name in object.names where !fields.contains(where: { $0.name == name }) {
      throw TypeMismatch(path: String(name.prefix(256)), expected: "no such field", found: "it")
    }
  }

  /// Checks a part of a value; the path is put together only when something is wrong.
  private func check(
    _ value: JSONValue, _ type: VarlinkType, inside name: @autoclosure () -> String
  ) throws(TypeMismatch) {
    do {
      try check(value, type)
    } catch {
      throw error.inside(name())
    }
  }

  private func check(_ value: JSONValue, _ type: VarlinkType) throws(TypeMismatch) {
    switch (type, value) {
    case (.bool, .bool), (.int, .integer), (.float, .integer), (.string, .string), (.object, .object),
      (.nullable, .null):
      return
    case (.float, .float(let number)) where number.isFinite: return
    case (.nullable(let inner), _): try check(value, inner)
    case (.named(let name), _):
      guard let named = definition.types[name] else {
        throw TypeMismatch(path: "", expected: name, found: value.kind)
      }
      try check(value, named.type)
    case (.structure(let fields), .object(let object)): try check(object, against: fields)
    case (.enumeration(let values), .string(let text)):
      guard values.contains(where: { $0.name == text }) else {
        throw TypeMismatch(
          path: "", expected: "one of \(values.map(\.name).joined(separator: ", "))",
          found: "\"\(text.prefix(64))\"")
      }
    case (.array(let inner), .array(let elements)):
      for (index, element) in elements.enumerated() { try check(element, inner, inside: "[\(index)]") }
    case (.map(let inner), .object(let object)):
      for (name, element) in object { try check(element, inner, inside: "[\(name.prefix(64))]") }
    default: throw TypeMismatch(path: "", expected: "\(type)", found: value.kind)
    }
  }
}
