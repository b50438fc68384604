/// How the virtual machine learns that bytes have come in on one end of its terminal.
public struct Arrivals: Sendable {
  /// What to poll.
  let descriptor: CInt
  /// Called when `descriptor` is ready: whether there is something to read. Takes the word back.
  let take: @Sendable () -> Bool

  public init(descriptor: CInt, take: @escaping @Sendable () -> Bool) {
    self.descriptor = descriptor
    self.take = take
  }

  /// Polls the terminal itself. Simple, and on a busy host late: polling a terminal waits for a worker of the kernel.
  public static func polling(_ terminal: CInt) -> Arrivals {
    Arrivals(descriptor: terminal) { true }
  }
}
