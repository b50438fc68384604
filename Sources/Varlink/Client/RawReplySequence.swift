import NIOCore

/// The replies to one call, as they come.
///
/// The call is sent when the sequence is made. It ends after the last reply, and throws what ``VarlinkConnection/call``
/// throws. Cancelling the task that waits closes the connection, which is how Varlink ends a stream.
public struct RawReplySequence: AsyncSequence, Sendable {
  private let eventLoop: any EventLoop
  private let handler: NIOLoopBound<ClientHandler>
  private let replies: EventLoopFuture<NIOLoopBound<PendingReplies?>>
  private let timeout: Duration?

  init(
    handler: NIOLoopBound<ClientHandler>, eventLoop: any EventLoop, call: CallMessage, timeout: Duration?
  ) {
    self.eventLoop = eventLoop
    self.handler = handler
    self.timeout = timeout
    replies = eventLoop.submit { NIOLoopBound(handler.value.send(call), eventLoop: eventLoop) }
  }

  /// The next reply; nil after the last one.
  public func next() async throws -> JSONObject? {
    guard let reply = try await nextMessage() else { return nil }
    guard let name = reply.error else { return reply.parameters }
    if let error = ServiceError(errorName: name, errorParameters: reply.parameters) { throw error }
    throw RemoteError(errorName: name, errorParameters: reply.parameters)
  }

  private func nextMessage() async throws -> ReplyMessage? {
    let (handler, timeout) = (handler, timeout)
    let replies = try await replies.get()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        eventLoop.execute {
          guard let pending = replies.value else { return continuation.resume(returning: nil) }
          handler.value.take(pending, timeout: timeout, continuation)
        }
      }
    } onCancel: {
      eventLoop.execute {
        guard let pending = replies.value else { return }
        handler.value.abandon(pending, .failure(CancellationError()))
      }
    }
  }

  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate let sequence: RawReplySequence
    public mutating func next() async throws -> JSONObject? { try await sequence.next() }
  }

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(sequence: self) }
}
