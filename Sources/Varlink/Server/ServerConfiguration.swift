/// Bounds of a server. A peer that exceeds one is answered if it can be, then cut; nothing grows without bound.
public struct ServerConfiguration: Sendable {
  /// Connections at once, the reserved ones included.
  public var maximumConnections = 64
  /// Connections of one user at once, the reserved ones not included.
  public var maximumConnectionsPerUser = 16
  /// Of all connections, those kept for urgent methods. They serve callers whom the other bounds would turn away.
  public var reservedConnections = 4
  /// Of the reserved ones, how many one user may hold, so that one flooding user cannot hold them all.
  public var reservedConnectionsPerUser = 2
  /// How long a reserved connection may take to make its urgent call.
  public var reservedTimeout: Duration = .milliseconds(250)
  /// How long a connection may stay without a call.
  public var idleTimeout: Duration = .seconds(600)
  /// How long a message may take from its first byte to its last.
  public var halfMessageTimeout: Duration = .seconds(5)
  /// How long a reader may leave replies unread before it is cut.
  public var stalledReaderTimeout: Duration = .seconds(10)
  /// How long calls in progress may take to end when the server closes.
  public var closeTimeout: Duration = .seconds(1)
  /// Calls of one connection that wait for their turn; more are left unread in the kernel's buffer.
  public var maximumQueuedCalls = 16
  /// Bytes that all connections together may have sent of messages not yet served, beyond 16 KiB each.
  public var maximumBufferedBytes = 8 << 20
  /// Bounds of each message.
  public var messageLimits = JSONLimits()

  public init() {}
}

/// What `GetInfo` answers, with the names of the interfaces.
public struct ServiceInformation: Hashable, Sendable {
  public var vendor: String
  public var product: String
  public var version: String
  public var url: String

  public init(vendor: String, product: String, version: String, url: String) {
    self.vendor = vendor
    self.product = product
    self.version = version
    self.url = url
  }
}
