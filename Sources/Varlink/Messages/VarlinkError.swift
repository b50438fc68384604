/// An error that a definition names, and that therefore may travel in a reply.
public protocol VarlinkError: Error, Sendable {
  /// Fully qualified, such as `org.varlink.service.MethodNotFound`.
  var errorName: String { get }
  var errorParameters: JSONObject { get }
}

/// An error reply that the receiver has no type for.
public struct RemoteError: VarlinkError, Hashable, CustomStringConvertible {
  public var errorName: String
  public var errorParameters: JSONObject

  public init(errorName: String, errorParameters: JSONObject) {
    self.errorName = errorName
    self.errorParameters = errorParameters
  }

  public var description: String {
    errorParameters.isEmpty ? errorName : "\(errorName) \(JSONValue.object(errorParameters))"
  }
}
