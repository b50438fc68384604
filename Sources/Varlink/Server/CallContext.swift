/// What a handler knows of the call it carries out.
public struct CallContext: Sendable {
  /// Fully qualified.
  public let method: String
  public let peer: Peer
  public let connection: ConnectionID
  /// The caller welcomes several replies.
  public let more: Bool
  /// The caller gets no reply.
  public let oneway: Bool
  private let sender: (@Sendable (JSONObject) async throws -> Void)?
  private let liveness: @Sendable () async -> Bool

  /// A context without a connection, for tests of handlers: `sent` receives what is streamed.
  public init(
    method: String, peer: Peer, connection: ConnectionID = ConnectionID(0), more: Bool = false,
    oneway: Bool = false, sent: (@Sendable (JSONObject) async throws -> Void)? = nil,
    isConnected: @escaping @Sendable () async -> Bool = { true }
  ) {
    liveness = isConnected
    self.method = method
    self.peer = peer
    self.connection = connection
    self.more = more
    self.oneway = oneway
    sender = sent
  }

  /// Whether the connection is still there. A call outlives its connection, and `connectionClosed` may have come before what the call
  /// made of it: what must not outlive the connection asks once it is made.
  public var isConnected: Bool { get async { await liveness() } }

  /// Sends a reply that others will follow, and waits until the connection can take another one: a slow reader slows its
  /// own stream and nothing else. One at a time. Throws ``ServiceError/expectedMore`` when the caller asked for one reply only, and
  /// `CancellationError` when the connection is gone or its reader was too slow.
  public func send(_ reply: JSONObject) async throws {
    guard more, let sender else { throw ServiceError.expectedMore }
    try await sender(reply)
  }
}

/// The replies of a streaming method, typed.
public struct Replies<Reply: VarlinkStructure>: Sendable {
  private let context: CallContext
  public init(_ context: CallContext) { self.context = context }

  /// Whether the caller welcomes more than the one reply that the handler returns.
  public var areWelcome: Bool { context.more }

  /// As ``CallContext/send(_:)``.
  public func send(_ reply: Reply) async throws { try await context.send(reply.fields) }
}
