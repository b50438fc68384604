/// One interface that a server offers. Generated code conforms; a hand-written one may.
public protocol VarlinkInterface: Sendable {
  /// The `.varlink` text; the server checks every call and reply against it.
  var definitionText: String { get }

  /// Carries out a call whose parameters have been checked, and returns the last reply. Earlier ones go through
  /// ``CallContext/send(_:)``. Throw a ``VarlinkError`` that the definition or `org.varlink.service` has.
  func call(_ method: String, parameters: JSONObject, context: CallContext) async throws -> JSONObject

  /// Carries out a method marked `[Served ahead of other calls]`, on the server's own thread, the moment it is received.
  /// It must not block: while it runs, nobody else is served.
  func callUrgent(_ method: String, parameters: JSONObject, context: CallContext) throws -> JSONObject

  /// A connection is gone. Called on the server's own thread; it must not block.
  func connectionClosed(_ connection: ConnectionID)
}

extension VarlinkInterface {
  public func callUrgent(_ method: String, parameters: JSONObject, context: CallContext) throws -> JSONObject
  {
    throw ServiceError.methodNotImplemented(method: context.method)
  }

  public func connectionClosed(_ connection: ConnectionID) {}
}

/// A connection's number, from 1, never used twice by one server.
public struct ConnectionID: Hashable, Sendable, CustomStringConvertible {
  public var number: UInt64
  public init(_ number: UInt64) { self.number = number }
  public var description: String { "\(number)" }
}
