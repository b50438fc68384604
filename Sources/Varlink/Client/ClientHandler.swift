import NIOCore

/// A client's end of a connection: sends calls, and hands replies to the calls in their order.
final class ClientHandler: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// Replies of a stream that may wait unread before the socket is not read any more.
  private static let backlogLimit = 16

  private let limits: JSONLimits
  private var framer: MessageFramer
  private var context: ChannelHandlerContext?
  private var pending: [PendingReplies] = []
  private var readIsHeld = false

  init(limits: JSONLimits) {
    self.limits = limits
    framer = MessageFramer(limit: limits.length)
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    fail { .connectionClosed(method: $0) }
  }

  func channelInactive(context: ChannelHandlerContext) {
    fail { .connectionClosed(method: $0) }
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  func read(context: ChannelHandlerContext) {
    if isFull { readIsHeld = true } else { context.read() }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    framer.append(unwrapInboundIn(data).readableBytesView)
    while let message = framer.next() {
      do {
        try receive(message)
      } catch {
        fail { .malformedReply(method: $0, reason: "\(error)") }
        return context.close(promise: nil)
      }
    }
    if framer.isExceeded {
      let limit = framer.limit
      fail { .malformedReply(method: $0, reason: "longer than \(limit) bytes") }
      context.close(promise: nil)
    }
  }

  /// Registers a call and sends it. The replies are nil for a call without reply.
  func send(_ call: CallMessage) -> PendingReplies? {
    let replies = PendingReplies(method: call.method)
    guard let context, context.channel.isActive else {
      replies.deliver(.failure(VarlinkClientError.connectionClosed(method: call.method)))
      return replies
    }
    if !call.oneway { pending.append(replies) }
    let bytes = MessageFramer.frame(call.json)
    context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
    return call.oneway ? nil : replies
  }

  func take(
    _ replies: PendingReplies, timeout: Duration?,
    _ continuation: CheckedContinuation<ReplyMessage?, any Error>
  ) {
    guard let context else { return replies.take(continuation, timer: nil) }
    let bound = NIOLoopBound((self, replies), eventLoop: context.eventLoop)
    let timer = timeout.map { timeout in
      context.eventLoop.scheduleTask(in: TimeAmount(timeout)) {
        let (handler, replies) = bound.value
        handler.abandon(
          replies, .failure(VarlinkClientError.timedOut(method: replies.method, after: timeout)))
      }
    }
    replies.take(continuation, timer: timer)
    if readIsHeld && !isFull {
      readIsHeld = false
      context.read()
    }
  }

  /// Gives up on a call. The connection goes with it: a late reply would be taken for another call's.
  func abandon(_ replies: PendingReplies, _ result: Result<ReplyMessage, any Error>) {
    guard !replies.isComplete else { return }
    replies.deliver(result)
    context?.close(promise: nil)
  }

  private var isFull: Bool { pending.contains { $0.backlog >= Self.backlogLimit } }

  private func receive(_ message: [UInt8]) throws {
    let reply = try ReplyMessage(try JSONParser.parse(message, limits: limits))
    guard let first = pending.first else { return }
    first.deliver(.success(reply))
    if first.isComplete { pending.removeFirst() }
  }

  private func fail(_ error: (String) -> VarlinkClientError) {
    let calls = pending
    pending = []
    for call in calls { call.deliver(.failure(error(call.method))) }
  }
}
