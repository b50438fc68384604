import NIOCore

/// One connection of a server: messages in, replies out, in order.
///
/// Everything here happens on the server's event loop; handlers' work happens in tasks. One call at a time is in
/// progress; the next ones wait in `queue`, and when that is full the socket is not read any more. However many messages came
/// at once, a connection takes ``messagesPerTurn`` of them before the others have theirs.
final class ConnectionHandler: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// Longer messages are read in a task, so that nobody's message holds up the event loop.
  static let immediateLength = 4 << 10
  /// Messages that may be refused or answered on the spot before other connections have their turn.
  static let messagesPerTurn = 4
  /// Then so long until the next turn, in which the event loop looks at every socket once.
  private static let turn = TimeAmount.milliseconds(1)

  let id: ConnectionID
  let peer: Peer
  let verdict: ConnectionAdmission.Verdict
  private let core: ServerCore
  private var context: ChannelHandlerContext?
  private var framer: MessageFramer
  private var queue: [QueuedCall] = []
  private var queuedBytes = 0
  private var share = 0
  private var current: (task: Task<Void, Never>, isStream: Bool)?
  /// Counts calls, so that a handler cannot send into a later one.
  private var callNumber: UInt64 = 0
  private var sendWaiter: CheckedContinuation<Void, any Error>?
  private var readIsHeld = false
  /// Messages that may still be taken in this turn, and whether the next one is on its way.
  private var allowance = ConnectionHandler.messagesPerTurn
  private var turnIsScheduled = false
  private var inputIsClosed = false
  private var isDraining = false
  private var closesWhenAnswered = false
  private var idleSince = NIODeadline.now()
  private var partialSince: NIODeadline?
  private var stalledSince: NIODeadline?

  init(core: ServerCore, id: ConnectionID, peer: Peer, verdict: ConnectionAdmission.Verdict) {
    self.core = core
    self.id = id
    self.peer = peer
    self.verdict = verdict
    framer = MessageFramer(limit: core.configuration.messageLimits.length)
  }

  /// False no later than the interfaces are told that the connection is closed.
  var isConnected: Bool { context?.channel.isActive ?? false }

  // MARK: Channel events

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelInactive(context: ChannelHandlerContext) {
    ended()
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { cut() }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard let event = event as? ChannelEvent, event == .inputClosed else {
      context.fireUserInboundEventTriggered(event)
      return
    }
    // The other side will say nothing more. Calls are still answered; a stream's reader is taken to be gone.
    inputIsClosed = true
    if let current, current.isStream { current.task.cancel() }
    resumeSender(throwing: CancellationError())
    advance()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !closesWhenAnswered else { return }
    framer.append(unwrapInboundIn(data).readableBytesView)
    takeMessages()
    settleShare()
    advance()
  }

  func read(context: ChannelHandlerContext) {
    if wantsNoMore { readIsHeld = true } else { context.read() }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable {
      stalledSince = nil
      resumeSender(throwing: nil)
      advance()
    } else {
      stalledSince = .now()
    }
    context.fireChannelWritabilityChanged()
  }

  // MARK: Receiving

  private var isFull: Bool {
    closesWhenAnswered || queue.count >= core.configuration.maximumQueuedCalls || queuedBytes > framer.limit
  }

  /// What was read already comes first.
  private var wantsNoMore: Bool { isFull || framer.mayHoldMessage }

  /// Takes messages while there is room and this turn allows it.
  private func takeMessages() {
    while !isFull, allowance > 0, let message = framer.next() {
      allowance -= 1
      receive(message)
    }
    if framer.isExceeded && !closesWhenAnswered {
      refuse("message (longer than \(framer.limit) bytes)")
    }
    partialSince = framer.isPartial ? partialSince ?? .now() : nil
    if allowance == 0 && !turnIsScheduled { scheduleTurn() }
  }

  private func scheduleTurn() {
    guard let context else { return }
    turnIsScheduled = true
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: Self.turn) { bound.value.takeTurn() }
  }

  private func takeTurn() {
    turnIsScheduled = false
    allowance = Self.messagesPerTurn
    advance()
  }

  private func receive(_ message: [UInt8]) {
    partialSince = nil
    core.statistics.messages += 1
    guard message.count <= framer.limit else { return refuse("message (longer than \(framer.limit) bytes)") }
    guard message.count <= Self.immediateLength else {
      if verdict == .reserved { return refuseReserved() }
      return enqueue(.raw(message))
    }
    do {
      let call = try core.executor.decode(message)
      if let entry = try? core.executor.table.entry(for: call), entry.isUrgent {
        // It may wake somebody whom no number of calls may keep busy, so it ends this connection's turn.
        allowance = 0
        let reply = core.executor.executeUrgent(call, context: callContext(call))
        enqueue(.answered(call.oneway ? nil : reply))
      } else if verdict == .reserved {
        refuseReserved()
      } else {
        enqueue(.decoded(call, byteCount: message.count))
      }
    } catch {
      enqueue(.answered(ReplyMessage(error).framed()))
    }
  }

  private func enqueue(_ call: QueuedCall) {
    queue.append(call)
    queuedBytes += call.byteCount
  }

  /// Answers with InvalidParameter in its turn and then hangs up: what follows cannot be told apart any more.
  private func refuse(_ what: String) {
    enqueue(.answered(ReplyMessage(ServiceError.invalidParameter(parameter: what)).framed()))
    closesWhenAnswered = true
    core.statistics.cut += 1
    framer = MessageFramer(limit: framer.limit)
    partialSince = nil
  }

  private func refuseReserved() {
    enqueue(.answered(ReplyMessage(ServiceError.permissionDenied).framed()))
    closesWhenAnswered = true
  }

  /// Charges what this connection holds to the server's budget.
  private func settleShare() {
    let new = framer.pendingCount + queuedBytes
    if core.budget.exchange(share, for: new) {
      share = new
    } else if !closesWhenAnswered {
      refuse("message (the service holds too many unread messages already; try again)")
    }
  }

  // MARK: Serving

  /// Writes what is ready and starts the next call when it is its turn.
  private func advance() {
    guard let context else { return }
    repeat {
      while current == nil, context.channel.isWritable, !queue.isEmpty {
        let call = queue.removeFirst()
        queuedBytes -= call.byteCount
        switch call {
        case .answered(let reply): if let reply { write(reply) }
        case .raw(let bytes): start(.raw(bytes))
        case .decoded(let message, let count): start(.decoded(message, byteCount: count))
        }
      }
      takeMessages()
    } while current == nil && context.channel.isWritable && !queue.isEmpty
    settleShare()
    if current == nil && queue.isEmpty && (closesWhenAnswered || !framer.mayHoldMessage) {
      idleSince = .now()
      if closesWhenAnswered || inputIsClosed || isDraining { return close() }
    }
    if readIsHeld && !wantsNoMore {
      readIsHeld = false
      context.read()
    }
  }

  private func start(_ queued: QueuedCall) {
    guard let context else { return }
    callNumber += 1
    core.taskStarted()
    let eventLoop = context.eventLoop
    let bound = NIOLoopBound(self, eventLoop: eventLoop)
    let executor = core.executor
    let makeContext = contextMaker(bound, eventLoop)
    switch queued {
    case .answered: return
    case .decoded(let call, _):
      let task = Task {
        let outcome = await executor.execute(call, context: makeContext(call))
        eventLoop.execute { bound.value.finished(outcome) }
      }
      current = (task, call.more)
    case .raw(let bytes):
      // Whether it streams shows only once it is read; see `streams()`.
      let task = Task {
        let outcome = await executor.execute(bytes, makeContext: makeContext)
        eventLoop.execute { bound.value.finished(outcome) }
      }
      current = (task, false)
    }
  }

  private func callContext(_ call: CallMessage) -> CallContext {
    CallContext(method: call.method, peer: peer, connection: id, more: call.more, oneway: call.oneway)
  }

  private func contextMaker(
    _ bound: NIOLoopBound<ConnectionHandler>, _ eventLoop: any EventLoop
  ) -> @Sendable (CallMessage) -> CallContext {
    let (executor, peer, id, number) = (core.executor, peer, id, callNumber)
    return { call in
      if call.more { eventLoop.execute { bound.value.streams() } }
      return CallContext(
        method: call.method, peer: peer, connection: id, more: call.more, oneway: call.oneway
      ) { reply in
        let bytes = try executor.continued(reply, call)
        try Task.checkCancellation()
        try await withCheckedThrowingContinuation { continuation in
          eventLoop.execute { bound.value.send(call.oneway ? nil : bytes, in: number, continuation) }
        }
        try Task.checkCancellation()
      } isConnected: {
        (try? await eventLoop.submit { bound.value.isConnected }.get()) ?? false
      }
    }
  }

  /// The call in progress has turned out to be a stream: it ends with its connection.
  private func streams() {
    guard let task = current?.task else { return }
    current = (task, true)
    if context == nil || inputIsClosed || isDraining { task.cancel() }
  }

  private func finished(_ outcome: CallOutcome) {
    current = nil
    // A call that was carried out leaves its place to another message, in this turn, too.
    allowance = max(allowance, 1)
    core.taskEnded()
    guard context != nil else { return }
    switch outcome {
    case .reply(let reply): write(reply)
    case .silent: break
    case .abandoned: return cut()
    }
    advance()
  }

  private func send(
    _ bytes: [UInt8]?, in number: UInt64, _ continuation: CheckedContinuation<Void, any Error>
  ) {
    guard let context, context.channel.isActive, number == callNumber, current != nil, sendWaiter == nil,
      !inputIsClosed
    else {
      return continuation.resume(throwing: CancellationError())
    }
    if let bytes { write(bytes) }
    if context.channel.isWritable { continuation.resume() } else { sendWaiter = continuation }
  }

  private func write(_ bytes: [UInt8]) {
    guard let context else { return }
    context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
  }

  // MARK: Ending

  func enforceTimeLimits(now: NIODeadline) {
    let configuration = core.configuration
    func isOver(_ since: NIODeadline?, _ limit: Duration) -> Bool {
      guard let since else { return false }
      return now - since > TimeAmount(limit)
    }
    let isIdle = current == nil && queue.isEmpty && !framer.mayHoldMessage
    if isOver(partialSince, configuration.halfMessageTimeout)
      || isOver(stalledSince, configuration.stalledReaderTimeout)
      || (isIdle && isOver(idleSince, configuration.idleTimeout))
      || (verdict == .reserved && isIdle && isOver(idleSince, configuration.reservedTimeout))
    {
      core.statistics.cut += 1
      cut()
    }
  }

  func drain() {
    isDraining = true
    if let current, current.isStream { current.task.cancel() }
    advance()
  }

  /// Closes after what has been written.
  private func close() {
    context?.close(promise: nil)
  }

  /// Closes at once.
  func cut() {
    context?.close(promise: nil)
  }

  private func ended() {
    // A call that changes something is left to run to its end; only a stream has lost its purpose.
    if let current, current.isStream { current.task.cancel() }
    resumeSender(throwing: CancellationError())
    queue = []
    queuedBytes = 0
    _ = core.budget.exchange(share, for: 0)
    share = 0
    core.remove(self)
  }

  private func resumeSender(throwing error: (any Error)?) {
    guard let waiter = sendWaiter else { return }
    sendWaiter = nil
    if let error { waiter.resume(throwing: error) } else { waiter.resume() }
  }
}
