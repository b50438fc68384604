import NIOCore
import NIOPosix
import Synchronization

/// Where a server listens.
public enum ServerAddress: Hashable, Sendable {
  /// A socket made at the path with the mode, and of the group when one is given; removed when the server closes.
  case path(String, mode: UInt32 = 0o660, groupID: UInt32? = nil)
  /// A listening socket that another process made and keeps, as systemd's socket activation does.
  case inherited(descriptor: Int32)
}

/// A Varlink service on a unix socket.
public final class VarlinkServer: Sendable {
  private struct Running {
    var channel: any Channel
    var file: SocketFile?
    var group: MultiThreadedEventLoopGroup
    var core: NIOLoopBound<ServerCore>
  }

  private enum State {
    case idle
    case starting
    case running(Running)
    case closed
  }

  private let configuration: ServerConfiguration
  private let executor: CallExecutor
  private let readPeer: PeerReader
  private let state = Mutex(State.idle)

  /// Bytes of one read, a hundred short calls.
  private static let readSize = 4 << 10
  /// Waiting connections; beyond it clients wait in connect(2).
  private static let backlog: Int32 = 64

  /// A server that offers the interfaces and `org.varlink.service`. `report` is told of the service's own faults: a
  /// handler that threw something its definition lacks, or answered another type. Throws on a broken definition.
  public init(
    _ information: ServiceInformation, interfaces: [any VarlinkInterface],
    configuration: ServerConfiguration = ServerConfiguration(),
    readPeer: @escaping PeerReader = LinuxPeerCredentials.read,
    report: @escaping @Sendable (_ method: String, _ fault: String) -> Void = { _, _ in }
  ) throws(VarlinkServerError) {
    self.configuration = configuration
    self.readPeer = readPeer
    executor = CallExecutor(
      table: try MethodTable(information, interfaces), limits: configuration.messageLimits, report: report)
  }

  /// Starts to listen and returns. Throws ``VarlinkServerError``.
  public func start(at address: ServerAddress) async throws {
    try state.withLock { state throws(VarlinkServerError) in
      guard case .idle = state else { throw .alreadyStarted }
      state = .starting
    }
    do {
      let running = try await listen(at: address)
      state.withLock { $0 = .running(running) }
    } catch {
      state.withLock { $0 = .idle }
      throw error
    }
  }

  /// Stops listening, lets calls in progress end within ``ServerConfiguration/closeTimeout``, and removes the socket.
  public func close() async {
    let running: Running? = state.withLock { state in
      guard case .running(let running) = state else { return nil }
      state = .closed
      return running
    }
    guard let running else { return }
    running.file?.remove()
    try? await running.channel.close().get()
    let (core, eventLoop) = (running.core, running.channel.eventLoop)
    let limit = TimeAmount(configuration.closeTimeout)
    let drained = eventLoop.flatSubmit { () -> EventLoopFuture<Void> in
      let promise = eventLoop.makePromise(of: Void.self)
      let cut = eventLoop.scheduleTask(in: limit) { core.value.closeAll() }
      promise.futureResult.whenComplete { _ in cut.cancel() }
      core.value.drain(promise)
      return promise.futureResult
    }
    try? await drained.get()
    // A handler that outlives the server still reports to the event loop, which then has to outlive it too.
    let isQuiet = try? await eventLoop.submit { core.value.taskCount == 0 }.get()
    if isQuiet == true { try? await running.group.shutdownGracefully() }
  }

  /// What the server has seen; nil unless it runs.
  public func statistics() async -> ServerStatistics? {
    let running: Running? = state.withLock { state in
      guard case .running(let running) = state else { return nil }
      return running
    }
    guard let running else { return nil }
    let core = running.core
    return try? await running.channel.eventLoop.submit { core.value.statistics }.get()
  }

  private func listen(at address: ServerAddress) async throws -> Running {
    let (file, descriptor) = try open(address)
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let eventLoop = group.next()
    let (configuration, executor, readPeer) = (configuration, executor, readPeer)
    do {
      let core = try await eventLoop.submit {
        let core = ServerCore(
          configuration: configuration, eventLoop: eventLoop, executor: executor, readPeer: readPeer)
        return NIOLoopBound(core, eventLoop: eventLoop)
      }.get()
      let channel = try await Self.bootstrap(eventLoop, core).withBoundSocket(descriptor).get()
      return Running(channel: channel, file: file, group: group, core: core)
    } catch {
      file?.remove()
      try? await group.shutdownGracefully()
      throw error
    }
  }

  private func open(_ address: ServerAddress) throws(VarlinkServerError) -> (SocketFile?, Int32) {
    switch address {
    case .path(let path, let mode, let groupID):
      let (file, descriptor) = try SocketFile.listen(
        path: path, mode: mode, groupID: groupID, backlog: Self.backlog)
      return (file, descriptor)
    case .inherited(let descriptor):
      try ListeningDescriptor.check(descriptor)
      return (nil, descriptor)
    }
  }

  private static func bootstrap(_ eventLoop: any EventLoop, _ core: NIOLoopBound<ServerCore>)
    -> ServerBootstrap
  {
    ServerBootstrap(group: eventLoop)
      .serverChannelOption(.backlog, value: backlog)
      // All that wait are looked at in one turn: behind those who are turned away somebody may want to stop.
      .serverChannelOption(.maxMessagesPerRead, value: UInt(backlog))
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelOption(.writeBufferWaterMark, value: .init(low: 32 << 10, high: 128 << 10))
      .childChannelOption(.maxMessagesPerRead, value: 1)
      // What one read can bring bounds what one connection can ask of a turn.
      .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: readSize))
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let operations = channel.pipeline.syncOperations
          let handler = try operations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
            let peer = try core.value.readPeer($0)
            let handler = core.value.admit(peer)
            if handler == nil { core.value.hearOut($0, peer) }
            return handler
          }
          guard case let handler?? = handler else { throw ChannelError.operationUnsupported }
          try operations.addHandler(handler)
        }
      }
  }
}
