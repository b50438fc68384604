import Varlink

extension SwiftGenerator {
  /// Emits a named struct or enum, with the anonymous ones inside it.
  func emit(_ text: inout SwiftText, _ name: String, _ type: VarlinkType) {
    switch type {
    case .structure(let fields): structure(&text, name, fields) { _ in }
    case .enumeration(let values): enumeration(&text, name, values)
    default: break
    }
  }

  func structure(
    _ text: inout SwiftText, _ name: String, _ fields: [VarlinkType.Field],
    conformances: String = "VarlinkStructure", extra: (inout SwiftText) -> Void
  ) {
    text.block("public struct \(name): \(conformances), Hashable") { text in
      extra(&text)
      for field in fields {
        text.documentation(field.documentation)
        text.line("public var \(SwiftNames.property(field.name)): \(swiftType(field.type, field.name))")
      }
      if !fields.isEmpty { text.line() }
      memberwise(&text, fields)
      text.line()
      reader(&text, fields)
      text.line()
      writer(&text, fields)
      for field in fields {
        guard let anonymous = anonymousType(field.type) else { continue }
        text.line()
        text.documentation("The type of ``\(SwiftNames.property(field.name).replacing("`", with: ""))``.")
        emit(&text, SwiftNames.type(ofField: field.name, in: namespace), anonymous)
      }
    }
  }

  private func memberwise(_ text: inout SwiftText, _ fields: [VarlinkType.Field]) {
    guard !fields.isEmpty else { return text.line("public init() {}") }
    text.line("public init(")
    text.indented { text in
      for (index, field) in fields.enumerated() {
        var line = "\(SwiftNames.property(field.name)): \(swiftType(field.type, field.name))"
        if case .nullable = field.type { line += " = nil" }
        text.line(index < fields.count - 1 ? line + "," : line)
      }
    }
    text.block(")") { text in
      for field in fields {
        let name = SwiftNames.property(field.name)
        text.line("self.\(name) = \(name)")
      }
    }
  }

  private func reader(_ text: inout SwiftText, _ fields: [VarlinkType.Field]) {
    guard !fields.isEmpty else { return text.line("public init(fields: JSONObject) {}") }
    text.block("public init(fields: JSONObject) throws(TypeMismatch)") { text in
      for field in fields {
        text.line("self.\(SwiftNames.property(field.name)) = try fields.value(\"\(field.name)\")")
      }
    }
  }

  private func writer(_ text: inout SwiftText, _ fields: [VarlinkType.Field]) {
    guard !fields.isEmpty else { return text.line("public var fields: JSONObject { [:] }") }
    text.block("public var fields: JSONObject") { text in
      text.line("var result = JSONObject()")
      for field in fields {
        text.line("result[\"\(field.name)\"] = self.\(SwiftNames.property(field.name)).json")
      }
      text.line("return result")
    }
  }

  private func enumeration(_ text: inout SwiftText, _ name: String, _ values: [VarlinkType.Enumerator]) {
    text.block("public enum \(name): String, VarlinkEnumeration") { text in
      for value in values {
        text.documentation(value.documentation)
        let swiftName = SwiftNames.property(value.name)
        let plain = swiftName.replacing("`", with: "")
        text.line(plain == value.name ? "case \(swiftName)" : "case \(swiftName) = \"\(value.name)\"")
      }
    }
  }

  /// The struct or enum without a name inside a field's type, if there is one.
  private func anonymousType(_ type: VarlinkType) -> VarlinkType? {
    switch type {
    case .stringSet: nil
    case .structure, .enumeration: type
    case .nullable(let inner), .array(let inner), .map(let inner): anonymousType(inner)
    default: nil
    }
  }

  private func swiftType(_ type: VarlinkType, _ fieldName: String) -> String {
    switch type {
    case .bool: "Bool"
    case .int: "Int"
    case .float: "Double"
    case .string: "String"
    case .object: "JSONObject"
    case .named(let name): "\(namespace).\(name)"
    case .structure, .enumeration: SwiftNames.type(ofField: fieldName, in: namespace)
    case .nullable(let inner): swiftType(inner, fieldName) + "?"
    case .array(let inner): "[\(swiftType(inner, fieldName))]"
    case .stringSet: "Set<String>"
    case .map(let inner): "[String: \(swiftType(inner, fieldName))]"
    }
  }
}
