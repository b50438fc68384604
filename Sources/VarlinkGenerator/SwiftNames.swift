/// Turns a definition's names into Swift's.
enum SwiftNames {
  /// `at_us` becomes `atUs`; a word of the language gets backticks.
  static func property(_ name: String) -> String {
    let plain = lowerCamel(name)
    if taken.contains(plain) { return plain + "Value" }
    return keywords.contains(plain) ? "`\(plain)`" : plain
  }

  /// `GetStatus` becomes `getStatus`.
  static func function(_ name: String) -> String {
    let plain = name.prefix(1).lowercased() + name.dropFirst()
    return keywords.contains(plain) ? "`\(plain)`" : plain
  }

  /// The name of the type of an anonymous struct or enum: that of its field.
  static func type(ofField name: String, in namespace: String) -> String {
    let plain = lowerCamel(name)
    let upper = plain.prefix(1).uppercased() + plain.dropFirst()
    return shadowing.contains(upper) || upper == namespace ? upper + "Value" : upper
  }

  private static func lowerCamel(_ name: String) -> String {
    var result = ""
    for (index, part) in name.split(separator: "_").enumerated() {
      result += index == 0 ? part.prefix(1).lowercased() : part.prefix(1).uppercased()
      result += part.dropFirst()
    }
    return result
  }

  /// Properties that every generated struct has already.
  private static let taken: Set<String> = ["fields", "json", "errorName", "errorParameters"]

  /// Types that generated code itself uses, or that Swift does not let a member be called.
  private static let shadowing: Set<String> = [
    "Any", "Bool", "Client", "Double", "Duration", "Error", "Handler", "Int", "JSONObject", "Protocol",
    "Replies", "Self", "Service", "Set", "String", "Type", "TypeMismatch",
  ]

  private static let keywords: Set<String> = [
    "as", "associatedtype", "await", "break", "case", "catch", "class", "continue",
    "default", "defer", "deinit", "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate",
    "for",
    "func", "guard", "if", "import", "in", "init", "inout", "internal", "is", "let", "nil", "operator",
    "private",
    "protocol", "public", "repeat", "rethrows", "return", "self", "static", "struct", "subscript", "super",
    "switch", "throw", "throws", "true", "try", "typealias", "var", "where", "while",
  ]
}
