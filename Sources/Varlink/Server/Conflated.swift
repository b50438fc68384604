import Synchronization

/// The newest state of something, for any number of subscribers at their own pace.
///
/// A subscriber that is slow gets the newest value when it comes back, with the count of those it missed; nothing is
/// kept for it meanwhile. Publishing never waits for a subscriber.
public final class Conflated<Element: Sendable>: Sendable {
  private struct State {
    var newest: Element
    var sequence: UInt64 = 0
    var isFinished = false
    var nextWaiter: UInt64 = 0
    var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
  }

  private let state: Mutex<State>

  public init(_ first: Element) { state = Mutex(State(newest: first)) }

  public var newest: Element { state.withLock(\.newest) }

  public func publish(_ element: Element) {
    let waiters = state.withLock { state in
      state.newest = element
      state.sequence += 1
      defer { state.waiters = [:] }
      return state.waiters
    }
    for waiter in waiters.values { waiter.resume() }
  }

  /// Ends all subscriptions.
  public func finish() {
    let waiters = state.withLock { state in
      state.isFinished = true
      defer { state.waiters = [:] }
      return state.waiters
    }
    for waiter in waiters.values { waiter.resume() }
  }

  /// One reader's place: the current value comes first, then each newest one.
  public struct Subscription: Sendable {
    fileprivate let source: Conflated
    fileprivate var seen: UInt64?

    /// The newest value not seen yet, and how many were published between it and the last one seen. Nil when finished
    /// or when the task is cancelled.
    public mutating func next() async -> (element: Element, missed: Int)? {
      while !Task.isCancelled {
        switch source.poll(after: seen) {
        case .finished: return nil
        case .value(let element, let sequence):
          let missed = seen.map { Int(clamping: sequence - $0 - 1) } ?? 0
          seen = sequence
          return (element, missed)
        case .nothing: await source.wait(after: seen)
        }
      }
      return nil
    }
  }

  public func subscribe() -> Subscription { Subscription(source: self, seen: nil) }

  private enum Poll {
    case value(Element, UInt64)
    case nothing
    case finished
  }

  private func poll(after seen: UInt64?) -> Poll {
    state.withLock { state in
      if seen != state.sequence { return .value(state.newest, state.sequence) }
      return state.isFinished ? .finished : .nothing
    }
  }

  private func wait(after seen: UInt64?) async {
    let ticket = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isReady = state.withLock { state in
          if seen != state.sequence || state.isFinished || Task.isCancelled { return true }
          state.waiters[ticket] = continuation
          return false
        }
        if isReady { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: ticket) }?.resume()
    }
  }
}
