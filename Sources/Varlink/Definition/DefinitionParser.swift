/// Reads the Varlink interface definition language (varlink.org/Interface-Definition).
struct DefinitionParser {
  /// 1 MiB, as a message; a description must fit in one.
  static let lengthLimit = 1 << 20
  /// As deep as a message may nest.
  static let nestingLimit = 32

  private var scanner: DefinitionScanner

  static func parse(_ text: String) throws(DefinitionError) -> InterfaceDefinition {
    guard text.utf8.count <= lengthLimit else {
      throw DefinitionError(line: 1, column: 1, reason: "longer than \(lengthLimit) bytes")
    }
    var parser = Self(scanner: try DefinitionScanner(text))
    return try parser.interface(text)
  }

  private mutating func interface(_ text: String) throws(DefinitionError) -> InterfaceDefinition {
    let documentation = scanner.documentation
    try expect(word: "interface")
    let name = try word("the interface's name", where: DefinitionNames.isInterface)
    var members: [InterfaceDefinition.Member] = []
    var names: Set<String> = []
    while scanner.token != .end { members.append(try member(&names)) }
    let definition = InterfaceDefinition(
      name: name, documentation: documentation, text: text, members: members)
    if let reason = DefinitionReferences.firstFault(in: definition) {
      throw DefinitionError(line: 1, column: 1, reason: reason)
    }
    return definition
  }

  private mutating func member(_ names: inout Set<String>) throws(DefinitionError)
    -> InterfaceDefinition.Member
  {
    let documentation = scanner.documentation
    guard case .word(let keyword) = scanner.token, ["type", "method", "error"].contains(keyword) else {
      throw scanner.failure("expected 'type', 'method' or 'error', found \(scanner.token.description)")
    }
    try scanner.advance()
    let place = scanner
    let name = try word("a name that begins with a capital letter", where: DefinitionNames.isMember)
    guard names.insert(name).inserted else { throw place.failure("'\(name)' is defined twice") }
    switch keyword {
    case "type":
      return .type(
        .init(name: name, documentation: documentation, type: try structureOrEnumeration(depth: 1)))
    case "method":
      let parameters = try structure(of: "the method's parameters")
      guard scanner.token == .arrow else {
        throw scanner.failure("expected '->', found \(scanner.token.description)")
      }
      try scanner.advance()
      let reply = try structure(of: "the method's reply")
      return .method(.init(name: name, documentation: documentation, parameters: parameters, reply: reply))
    default:
      let parameters = try structure(of: "the error's parameters")
      return .error(.init(name: name, documentation: documentation, parameters: parameters))
    }
  }

  private mutating func structure(of what: String) throws(DefinitionError) -> [VarlinkType.Field] {
    let place = scanner
    guard case .structure(let fields) = try structureOrEnumeration(depth: 1) else {
      throw place.failure("\(what) need types: 'name: type'")
    }
    return fields
  }

  private mutating func type(depth: Int) throws(DefinitionError) -> VarlinkType {
    guard depth <= Self.nestingLimit else { throw scanner.failure("nested deeper than \(Self.nestingLimit)") }
    switch scanner.token {
    case .punctuation("?"):
      try scanner.advance()
      let place = scanner
      let inner = try type(depth: depth + 1)
      if case .nullable = inner { throw place.failure("'??': null is null but once") }
      return .nullable(inner)
    case .punctuation("["):
      try scanner.advance()
      let isMap = scanner.token == .word("string")
      if isMap { try scanner.advance() }
      try expect(punctuation: "]")
      let inner = try type(depth: depth + 1)
      return isMap ? .map(inner) : .array(inner)
    case .punctuation("("): return try structureOrEnumeration(depth: depth)
    case .word(let word): return try namedType(word)
    default: throw scanner.failure("expected a type, found \(scanner.token.description)")
    }
  }

  private mutating func namedType(_ word: String) throws(DefinitionError) -> VarlinkType {
    let type: VarlinkType
    switch word {
    case "bool": type = .bool
    case "int": type = .int
    case "float": type = .float
    case "string": type = .string
    case "object": type = .object
    default:
      guard DefinitionNames.isMember(word) else { throw scanner.failure("'\(word)' is not a type") }
      type = .named(word)
    }
    try scanner.advance()
    return type
  }

  /// `(a: int, b: string)` or `(one, two)`; `()` is a struct without fields.
  private mutating func structureOrEnumeration(depth: Int) throws(DefinitionError) -> VarlinkType {
    guard depth <= Self.nestingLimit else { throw scanner.failure("nested deeper than \(Self.nestingLimit)") }
    try expect(punctuation: "(")
    var fields: [VarlinkType.Field] = []
    var values: [VarlinkType.Enumerator] = []
    var names: Set<String> = []
    while scanner.token != .punctuation(")") {
      let documentation = scanner.documentation
      let place = scanner
      let name = try word("a field's name", where: DefinitionNames.isField)
      guard names.insert(name).inserted else { throw place.failure("'\(name)' occurs twice") }
      if scanner.token == .punctuation(":") && values.isEmpty {
        try scanner.advance()
        fields.append(.init(name: name, type: try type(depth: depth + 1), documentation: documentation))
      } else if fields.isEmpty {
        values.append(.init(name: name, documentation: documentation))
      } else {
        throw scanner.failure("expected ':', found \(scanner.token.description)")
      }
      guard scanner.token == .punctuation(",") else { break }
      try scanner.advance()
      if scanner.token == .punctuation(")") { throw scanner.failure("a name must follow ','") }
    }
    try expect(punctuation: ")")
    return values.isEmpty ? .structure(fields) : .enumeration(values)
  }

  private mutating func expect(word expected: String) throws(DefinitionError) {
    guard scanner.token == .word(expected) else {
      throw scanner.failure("expected '\(expected)', found \(scanner.token.description)")
    }
    try scanner.advance()
  }

  private mutating func expect(punctuation expected: Character) throws(DefinitionError) {
    guard scanner.token == .punctuation(expected) else {
      throw scanner.failure("expected '\(expected)', found \(scanner.token.description)")
    }
    try scanner.advance()
  }

  private mutating func word(
    _ what: String, where isValid: (String) -> Bool
  ) throws(DefinitionError) -> String {
    guard case .word(let word) = scanner.token, isValid(word) else {
      throw scanner.failure("expected \(what), found \(scanner.token.description)")
    }
    try scanner.advance()
    return word
  }
}
