/// Why a call got no reply. Errors that the service answers are ``VarlinkError``s instead.
public enum VarlinkClientError: Error, Hashable, Sendable {
  /// The hint is the caller's: what to do about it.
  case nobodyListens(path: String, hint: String?)
  case notAllowed(path: String, hint: String?)
  case cannotConnect(path: String, reason: String)
  case timedOut(method: String, after: Duration)
  /// The connection ended while a reply was awaited; the call may or may not have been carried out.
  case connectionClosed(method: String)
  case malformedReply(method: String, reason: String)
}

extension VarlinkClientError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .nobodyListens(let path, let hint): "nobody listens at \(path)" + Self.tail(hint)
    case .notAllowed(let path, let hint): "no permission to connect to \(path)" + Self.tail(hint)
    case .cannotConnect(let path, let reason): "cannot connect to \(path): \(reason)"
    case .timedOut(let method, let limit): "no reply to \(method) within \(limit)"
    case .connectionClosed(let method):
      "the service closed the connection before it answered \(method): whether it was carried out is not known"
    case .malformedReply(let method, let reason): "the reply to \(method) makes no sense: \(reason)"
    }
  }

  private static func tail(_ hint: String?) -> String { hint.map { ": \($0)" } ?? "" }
}
