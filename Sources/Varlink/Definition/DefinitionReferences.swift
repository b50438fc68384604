/// Checks that every name a definition uses is a type it defines, and that no type contains itself without end.
struct DefinitionReferences {
  private let definition: InterfaceDefinition
  private var finished: Set<String> = []
  private var path: [String] = []

  /// Structs inside structs deeper than a message may nest: no value of them could be sent, and a definition that names thousands of them
  /// in a row must not cost as many stack frames.
  private static let nestingLimit = DefinitionParser.nestingLimit

  /// The first fault, as a sentence; nil when all names are good.
  static func firstFault(in definition: InterfaceDefinition) -> String? {
    var references = Self(definition: definition)
    for member in definition.members {
      let fault =
        switch member {
        case .type(let type): references.enter(type.name)
        case .method(let method):
          references.walk(.structure(method.parameters), inside: method.name)
            ?? references.walk(.structure(method.reply), inside: method.name)
        case .error(let error): references.walk(.structure(error.parameters), inside: error.name)
        }
      if let fault { return fault }
    }
    return nil
  }

  private init(definition: InterfaceDefinition) { self.definition = definition }

  private mutating func enter(_ name: String) -> String? {
    guard !finished.contains(name), let type = definition.types[name] else { return nil }
    if path.contains(name) { return "type '\(name)' contains itself: a value of it could never end" }
    guard path.count < Self.nestingLimit else {
      return
        "type '\(name)' lies inside more than \(Self.nestingLimit) others: a value of it could not be sent"
    }
    path.append(name)
    defer { path.removeLast() }
    let fault = walk(type.type, inside: name)
    finished.insert(name)
    return fault
  }

  private mutating func walk(_ type: VarlinkType, inside owner: String) -> String? {
    switch type {
    case .bool, .int, .float, .string, .object, .enumeration: return nil
    case .named(let name):
      guard definition.types[name] != nil else {
        return "'\(owner)' uses '\(name)', which is not a type of this interface"
      }
      return enter(name)
    case .structure(let fields):
      for field in fields {
        if let fault = walk(field.type, inside: owner) { return fault }
      }
      return nil
    case .nullable(let inner), .array(let inner), .map(let inner):
      // What may be absent or empty ends a value, so only the names inside are of interest.
      return unknownName(in: inner, inside: owner)
    }
  }

  private func unknownName(in type: VarlinkType, inside owner: String) -> String? {
    switch type {
    case .named(let name) where definition.types[name] == nil:
      return "'\(owner)' uses '\(name)', which is not a type of this interface"
    case .structure(let fields):
      for field in fields {
        if let fault = unknownName(in: field.type, inside: owner) { return fault }
      }
      return nil
    case .nullable(let inner), .array(let inner), .map(let inner):
      return unknownName(in: inner, inside: owner)
    default: return nil
    }
  }
}
