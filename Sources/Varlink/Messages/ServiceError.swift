/// The six errors of `org.varlink.service`, which any method may answer.
public enum ServiceError: VarlinkError, Hashable {
  case interfaceNotFound(interface: String)
  case methodNotFound(method: String)
  /// The method is defined, but the service does not carry it out, or failed to.
  case methodNotImplemented(method: String)
  /// The path of the field that is unknown, absent, or of the wrong type or value.
  case invalidParameter(parameter: String)
  case permissionDenied
  /// The method answers only calls made with `more`.
  case expectedMore

  static let prefix = "org.varlink.service."

  public var errorName: String {
    switch self {
    case .interfaceNotFound: Self.prefix + "InterfaceNotFound"
    case .methodNotFound: Self.prefix + "MethodNotFound"
    case .methodNotImplemented: Self.prefix + "MethodNotImplemented"
    case .invalidParameter: Self.prefix + "InvalidParameter"
    case .permissionDenied: Self.prefix + "PermissionDenied"
    case .expectedMore: Self.prefix + "ExpectedMore"
    }
  }

  public var errorParameters: JSONObject {
    switch self {
    case .interfaceNotFound(let interface): ["interface": .string(interface)]
    case .methodNotFound(let method), .methodNotImplemented(let method): ["method": .string(method)]
    case .invalidParameter(let parameter): ["parameter": .string(parameter)]
    case .permissionDenied, .expectedMore: [:]
    }
  }

  /// Reads one off a reply; nil when the name or its parameters are not of these six.
  public init?(errorName: String, errorParameters: JSONObject) {
    guard errorName.hasPrefix(Self.prefix) else { return nil }
    let text = { (field: String) in errorParameters[field]?.string ?? "" }
    switch errorName.dropFirst(Self.prefix.count) {
    case "InterfaceNotFound": self = .interfaceNotFound(interface: text("interface"))
    case "MethodNotFound": self = .methodNotFound(method: text("method"))
    case "MethodNotImplemented": self = .methodNotImplemented(method: text("method"))
    case "InvalidParameter": self = .invalidParameter(parameter: text("parameter"))
    case "PermissionDenied": self = .permissionDenied
    case "ExpectedMore": self = .expectedMore
    default: return nil
    }
  }
}

extension ServiceError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .interfaceNotFound(let interface): "the service has no interface \(interface)"
    case .methodNotFound(let method): "the service has no method \(method)"
    case .methodNotImplemented(let method): "the service could not carry out \(method)"
    case .invalidParameter(let parameter): "invalid parameter \(parameter)"
    case .permissionDenied: "the service denied access"
    case .expectedMore: "the method must be called with 'more'"
    }
  }
}
