/// A call as it travels.
public struct CallMessage: Hashable, Sendable {
  /// Fully qualified: `interface.Method`.
  public var method: String
  public var parameters: JSONObject
  /// Several replies are welcome.
  public var more: Bool
  /// No reply is to be sent.
  public var oneway: Bool
  /// The caller wants to leave the protocol after the reply.
  public var upgrade: Bool

  public init(
    method: String, parameters: JSONObject = [:], more: Bool = false, oneway: Bool = false,
    upgrade: Bool = false
  ) {
    self.method = method
    self.parameters = parameters
    self.more = more
    self.oneway = oneway
    self.upgrade = upgrade
  }

  /// Reads a call. Other keys are vendors' extensions and pass.
  public init(_ json: JSONValue) throws(TypeMismatch) {
    guard let object = json.object else {
      throw TypeMismatch(path: "message", expected: "an object", found: json.kind)
    }
    method = try object.value("method")
    let parameters: JSONObject? = try object.value("parameters")
    self.parameters = parameters ?? [:]
    let more: Bool? = try object.value("more")
    let oneway: Bool? = try object.value("oneway")
    let upgrade: Bool? = try object.value("upgrade")
    self.more = more ?? false
    self.oneway = oneway ?? false
    self.upgrade = upgrade ?? false
  }

  public var json: JSONValue {
    var object: JSONObject = ["method": .string(method)]
    if !parameters.isEmpty { object["parameters"] = .object(parameters) }
    if more { object["more"] = true }
    if oneway { object["oneway"] = true }
    if upgrade { object["upgrade"] = true }
    return .object(object)
  }

  /// `org.example` and `Method`; nil when the name has no dot.
  var nameParts: (interface: String, method: String)? {
    guard let dot = method.lastIndex(of: ".") else { return nil }
    return (String(method[..<dot]), String(method[method.index(after: dot)...]))
  }
}
