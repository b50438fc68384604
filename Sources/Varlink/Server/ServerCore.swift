import NIOCore

/// What the connections of one server share. Lives on the server's event loop.
final class ServerCore {
  let configuration: ServerConfiguration
  let eventLoop: any EventLoop
  let executor: CallExecutor
  let readPeer: PeerReader
  let budget: BufferBudget
  private var admission: ConnectionAdmission
  private var connections: [ConnectionID: ConnectionHandler] = [:]
  private var lastNumber: UInt64 = 0
  private(set) var isClosing = false
  /// Handlers at work, those whose connection is gone included.
  private(set) var taskCount = 0
  var statistics = ServerStatistics()
  private var whenEmpty: [EventLoopPromise<Void>] = []
  private var nextSweep: (due: NIODeadline, task: Scheduled<Void>)?

  init(
    configuration: ServerConfiguration, eventLoop: any EventLoop, executor: CallExecutor,
    readPeer: @escaping PeerReader
  ) {
    self.configuration = configuration
    self.eventLoop = eventLoop
    self.executor = executor
    self.readPeer = readPeer
    budget = BufferBudget(limit: configuration.maximumBufferedBytes)
    admission = ConnectionAdmission(configuration)
  }

  /// The handler of a new connection; nil when it is turned away.
  func admit(_ peer: Peer) -> ConnectionHandler? {
    guard !isClosing else { return nil }
    let verdict = admission.admit(userID: peer.userID)
    guard verdict != .refused else {
      statistics.refused += 1
      return nil
    }
    lastNumber += 1
    statistics.accepted += 1
    let handler = ConnectionHandler(core: self, id: ConnectionID(lastNumber), peer: peer, verdict: verdict)
    connections[handler.id] = handler
    statistics.connections = connections.count
    scheduleSweep()
    return handler
  }

  /// Hears whoever is turned away out: an urgent call that is there already is carried out and answered, so that no number of other
  /// connections keeps anybody from it. Returns whether there was one.
  @discardableResult
  func hearOut(_ descriptor: Int32, _ peer: Peer) -> Bool {
    var framer = MessageFramer(limit: configuration.messageLimits.length)
    framer.append(LastWord.read(descriptor))
    // One call: what else was sent has to find a connection.
    guard let message = framer.next(), let call = try? executor.decode(message),
      let entry = try? executor.table.entry(for: call), entry.isUrgent
    else { return false }
    let context = CallContext(
      method: call.method, peer: peer, connection: ConnectionID(0), more: call.more, oneway: call.oneway)
    let reply = executor.executeUrgent(call, context: context)
    if !call.oneway { LastWord.write(reply, to: descriptor) }
    return true
  }

  func remove(_ handler: ConnectionHandler) {
    guard connections.removeValue(forKey: handler.id) != nil else { return }
    statistics.connections = connections.count
    admission.release(userID: handler.peer.userID, handler.verdict)
    for interface in executor.table.all { interface.connectionClosed(handler.id) }
    if connections.isEmpty { announceEmpty() }
  }

  func taskStarted() { taskCount += 1 }
  func taskEnded() { taskCount -= 1 }

  /// Cuts whoever has used up a time limit, and looks again in a while; with nobody connected there is nothing to look after.
  private func sweep() {
    nextSweep = nil
    let now = NIODeadline.now()
    for handler in Array(connections.values) { handler.enforceTimeLimits(now: now) }
    scheduleSweep()
  }

  /// Nobody overstays by more than a fifth of the shortest limit that somebody here is under.
  private func scheduleSweep() {
    guard !connections.isEmpty else { return }
    var shortest = min(
      configuration.halfMessageTimeout, configuration.stalledReaderTimeout, configuration.idleTimeout)
    if connections.values.contains(where: { $0.verdict == .reserved }) {
      shortest = min(shortest, configuration.reservedTimeout)
    }
    let due = NIODeadline.now() + TimeAmount(max(shortest / 5, .milliseconds(10)))
    if let nextSweep {
      if nextSweep.due <= due { return }
      nextSweep.task.cancel()
    }
    let bound = NIOLoopBound(self, eventLoop: eventLoop)
    nextSweep = (due, eventLoop.scheduleTask(deadline: due) { bound.value.sweep() })
  }

  /// Lets calls in progress end; streams end at once.
  func drain(_ promise: EventLoopPromise<Void>) {
    isClosing = true
    whenEmpty.append(promise)
    for handler in Array(connections.values) { handler.drain() }
    if connections.isEmpty { announceEmpty() }
  }

  func closeAll() {
    for handler in Array(connections.values) { handler.cut() }
  }

  private func announceEmpty() {
    let promises = whenEmpty
    whenEmpty = []
    for promise in promises { promise.succeed(()) }
  }
}
