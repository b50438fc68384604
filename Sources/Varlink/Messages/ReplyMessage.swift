/// A reply as it travels.
public struct ReplyMessage: Hashable, Sendable {
  /// The method's reply, or the error's parameters.
  public var parameters: JSONObject
  /// More replies to the same call will follow.
  public var continues: Bool
  /// Fully qualified; nil when the call succeeded.
  public var error: String?

  public init(parameters: JSONObject, continues: Bool = false, error: String? = nil) {
    self.parameters = parameters
    self.continues = continues
    self.error = error
  }

  public init(_ error: some VarlinkError) {
    self.init(parameters: error.errorParameters, error: error.errorName)
  }

  public init(_ json: JSONValue) throws(TypeMismatch) {
    guard let object = json.object else {
      throw TypeMismatch(path: "message", expected: "an object", found: json.kind)
    }
    let parameters: JSONObject? = try object.value("parameters")
    let continues: Bool? = try object.value("continues")
    self.parameters = parameters ?? [:]
    self.continues = continues ?? false
    error = try object.value("error")
  }

  public var json: JSONValue {
    var object: JSONObject = [:]
    if let error { object["error"] = .string(error) }
    object["parameters"] = .object(parameters)
    if continues { object["continues"] = true }
    return .object(object)
  }

  /// The reply as bytes, the closing NUL included.
  func framed() -> [UInt8] { MessageFramer.frame(json) }
}
