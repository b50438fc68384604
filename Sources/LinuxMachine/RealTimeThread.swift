internal import CLinux
internal import Glibc

/// The loop's pthread.
///
/// A Swift task may move between threads and share them; the loop needs one of its own, with a priority.
public struct RealTimeThread: ~Copyable, Sendable {
  private let thread: UInt

  /// Starts the thread and runs `body` on it with `payload`, which the thread then owns (a machine, say), and with what the
  /// kernel granted. Memory is locked and the stack touched before `body` runs.
  ///
  /// A refusal of priority, memory or CPU is no error here: the grant tells it, and the caller decides. Throws when the thread
  /// itself cannot be made.
  public init<Payload: ~Copyable>(
    name: String, request: RealTimeRequest, payload: consuming sending Payload,
    body: @escaping @Sendable (consuming Payload, RealTimeGrant) -> Void
  ) throws(Errno) {
    let start = ThreadStart(request: request, payload: payload, body: body)
    let context = unsafe Unmanaged<AnyThreadStart>.passRetained(start)
    var handle: UInt = 0
    let result = unsafe stipple_start_thread(
      &handle, request.stackBytes, name,
      { context in
        guard let context = unsafe context else { return }
        unsafe Unmanaged<AnyThreadStart>.fromOpaque(context).takeRetainedValue().run()
      }, context.toOpaque())
    guard result == 0 else {
      unsafe context.release()
      throw Errno(result: result)
    }
    thread = handle
  }

  /// Waits until `body` has returned.
  public consuming func join() { _ = stipple_join_thread(thread) }
}

/// What a new thread has to do, seen from C.
private class AnyThreadStart {
  func run() {}
}

private final class ThreadStart<Payload: ~Copyable>: AnyThreadStart {
  private let request: RealTimeRequest
  private var payload: Payload?
  private let body: @Sendable (consuming Payload, RealTimeGrant) -> Void

  init(
    request: RealTimeRequest, payload: consuming Payload,
    body: @escaping @Sendable (consuming Payload, RealTimeGrant) -> Void
  ) {
    self.request = request
    self.payload = consume payload
    self.body = body
  }

  override func run() {
    guard let payload = payload.take() else { return }
    let (grant, latency) = Self.ask(request)
    body(payload, grant)
    // The latency request holds while its descriptor is open, hence until the loop has ended.
    if latency >= 0 { _ = close(latency) }
  }

  private static func ask(_ request: RealTimeRequest) -> (RealTimeGrant, latency: Int32) {
    var grant = RealTimeGrant(fifo: .notAsked, memoryLocked: .notAsked, cpu: .notAsked, dmaLatency: .notAsked)
    var latency: Int32 = -1
    if request.lockMemory { grant.memoryLocked = .init(result: stipple_lock_memory()) }
    stipple_touch_stack(request.stackBytes / 2)
    if let cpu = request.cpu { grant.cpu = .init(result: stipple_pin_to_cpu(cpu)) }
    if request.holdCpuLatency {
      latency = stipple_hold_cpu_latency(0)
      grant.dmaLatency = .init(result: latency)
    }
    // Without FIFO the kernel may gather timers that lie within 50 µs; it needs no privilege to decline that.
    _ = stipple_set_timer_slack(1)
    if let priority = request.priority { grant.fifo = .init(result: stipple_set_fifo(priority)) }
    return (grant, latency)
  }
}
