/// What a `.varlink` text says: the types, methods and errors of one interface.
public struct InterfaceDefinition: Hashable, Sendable {
  public struct TypeDefinition: Hashable, Sendable {
    public var name: String
    public var documentation: String
    /// A struct or an enum.
    public var type: VarlinkType
  }

  public struct Method: Hashable, Sendable {
    public var name: String
    public var documentation: String
    public var parameters: [VarlinkType.Field]
    public var reply: [VarlinkType.Field]
  }

  public struct ErrorDefinition: Hashable, Sendable {
    public var name: String
    public var documentation: String
    public var parameters: [VarlinkType.Field]
  }

  public enum Member: Hashable, Sendable {
    case type(TypeDefinition)
    case method(Method)
    case error(ErrorDefinition)
  }

  /// The reverse-domain name, such as `org.varlink.service`.
  public var name: String
  public var documentation: String
  /// The text it was read from, unchanged: what `GetInterfaceDescription` answers.
  public var text: String
  /// All members, in the order of the text.
  public var members: [Member]

  public private(set) var types: [String: TypeDefinition] = [:]
  public private(set) var methods: [String: Method] = [:]
  public private(set) var errors: [String: ErrorDefinition] = [:]

  init(name: String, documentation: String, text: String, members: [Member]) {
    self.name = name
    self.documentation = documentation
    self.text = text
    self.members = members
    for member in members {
      switch member {
      case .type(let type): types[type.name] = type
      case .method(let method): methods[method.name] = method
      case .error(let error): errors[error.name] = error
      }
    }
  }

  /// Reads a definition. Throws ``DefinitionError`` with line and column.
  public init(_ text: String) throws(DefinitionError) {
    self = try DefinitionParser.parse(text)
  }
}

extension InterfaceDefinition.Method {
  /// How a method's replies are asked for, read off a line of its comment: Varlink itself has no word for it, so we
  /// write what systemd's definitions write.
  public enum Streaming: Hashable, Sendable {
    /// One reply.
    case none
    /// `[Supports 'more' flag]`: several replies when the call says `more`, else one.
    case supported
    /// `[Requires 'more' flag]`: a call without `more` is answered with ExpectedMore.
    case required
  }

  public var streaming: Streaming {
    if has(line: "[Requires 'more' flag]") { return .required }
    return has(line: "[Supports 'more' flag]") ? .supported : .none
  }

  /// `[Served ahead of other calls]`: carried out the moment it is received, whatever else is in progress.
  public var isUrgent: Bool { has(line: "[Served ahead of other calls]") }

  private func has(line: String) -> Bool {
    documentation.split(separator: "\n").contains { $0 == line }
  }
}
