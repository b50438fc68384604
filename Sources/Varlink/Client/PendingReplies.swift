import NIOCore

/// The replies to one call, on the client's event loop: those that came early, or the one who waits for the next.
final class PendingReplies {
  let method: String
  private var arrived: [Result<ReplyMessage, any Error>] = []
  private var waiter: CheckedContinuation<ReplyMessage?, any Error>?
  private var timer: Scheduled<Void>?
  /// The last reply has come, or the connection is gone.
  private(set) var isComplete = false

  init(method: String) { self.method = method }

  /// Replies that nobody has asked for yet.
  var backlog: Int { arrived.count }

  func deliver(_ result: Result<ReplyMessage, any Error>) {
    guard !isComplete else { return }
    switch result {
    case .success(let reply): isComplete = !reply.continues
    case .failure: isComplete = true
    }
    guard let waiter else { return arrived.append(result) }
    self.waiter = nil
    timer?.cancel()
    waiter.resume(with: result.map(Optional.some))
  }

  /// Nil when the last reply has been taken.
  func take(_ continuation: CheckedContinuation<ReplyMessage?, any Error>, timer: Scheduled<Void>?) {
    if !arrived.isEmpty {
      timer?.cancel()
      continuation.resume(with: arrived.removeFirst().map(Optional.some))
    } else if isComplete {
      timer?.cancel()
      continuation.resume(returning: nil)
    } else {
      waiter = continuation
      self.timer = timer
    }
  }
}
