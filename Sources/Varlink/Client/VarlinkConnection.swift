import NIOCore
import NIOPosix

/// A client's connection to a Varlink service on a unix socket.
///
/// Calls may be made at the same time; they are answered in the order in which they were made. A stream keeps the
/// connection until it ends: use a second connection for calls meanwhile.
public final class VarlinkConnection: Sendable {
  private let channel: any Channel
  private let handler: NIOLoopBound<ClientHandler>

  private init(channel: any Channel, handler: NIOLoopBound<ClientHandler>) {
    self.channel = channel
    self.handler = handler
  }

  /// Connects, and waits up to `timeout` to be let in where many ask. `hint` ends the message when nobody listens: what the
  /// user can do about it. Throws ``VarlinkClientError``.
  public static func connect(
    to path: String, timeout: Duration = .seconds(2), limits: JSONLimits = JSONLimits(), hint: String? = nil
  ) async throws -> VarlinkConnection {
    let descriptor = try await PatientConnect.connect(to: path, timeout: timeout, hint: hint)
    do {
      let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
      let handler = try await eventLoop.submit {
        NIOLoopBound(ClientHandler(limits: limits), eventLoop: eventLoop)
      }.get()
      let channel = try await ClientBootstrap(group: eventLoop)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(handler.value)
          }
        }
        .withConnectedSocket(descriptor).get()
      return VarlinkConnection(channel: channel, handler: handler)
    } catch {
      throw VarlinkClientError.cannotConnect(path: path, reason: "\(error)")
    }
  }

  /// Calls and waits for the reply. Throws ``ServiceError``, ``RemoteError`` or ``VarlinkClientError``. After a time-out or
  /// a cancellation the connection is closed, as a late reply would be taken for another call's.
  public func call(
    _ method: String, _ parameters: JSONObject = [:], timeout: Duration? = .seconds(10)
  ) async throws -> JSONObject {
    let replies = stream(CallMessage(method: method, parameters: parameters), timeout: timeout)
    guard let reply = try await replies.next() else {
      throw VarlinkClientError.malformedReply(method: method, reason: "no reply")
    }
    return reply
  }

  /// Calls with `more`: the replies come as a sequence. `timeout` bounds the wait for each one; nil waits for ever.
  public func callMore(
    _ method: String, _ parameters: JSONObject = [:], timeout: Duration? = nil
  ) -> RawReplySequence {
    stream(CallMessage(method: method, parameters: parameters, more: true), timeout: timeout)
  }

  /// Calls without a reply. Returns once the call is on its way.
  public func callOneway(_ method: String, _ parameters: JSONObject = [:]) async throws {
    let (handler, call) = (handler, CallMessage(method: method, parameters: parameters, oneway: true))
    try await channel.eventLoop.submit {
      if handler.value.send(call) != nil { throw VarlinkClientError.connectionClosed(method: method) }
    }.get()
  }

  /// Sends any call, extensions such as `upgrade` included, and gives its replies.
  public func stream(_ call: CallMessage, timeout: Duration?) -> RawReplySequence {
    RawReplySequence(handler: handler, eventLoop: channel.eventLoop, call: call, timeout: timeout)
  }

  public func close() async {
    try? await channel.close().get()
  }
}
