/// What the loop's thread asked of the kernel.
public struct RealTimeRequest: Equatable, Sendable {
  /// SCHED_FIFO priority, 1...99; `nil` asks for none.
  public var priority: Int32?
  /// The CPU to run on; `nil` leaves it to the scheduler.
  public var cpu: Int32?
  /// Lock all memory as it is touched.
  public var lockMemory: Bool
  /// Hold /dev/cpu_dma_latency at 0 µs, so that no CPU sleeps deeply.
  public var holdCpuLatency: Bool
  /// The thread's stack; half of it is touched before the loop starts.
  public var stackBytes: Int

  /// What the loop needs, many times over. Without optimisation every value in between has a place of its own on the stack, and those
  /// of the virtual handpiece are kilobytes each.
  public static var stackOfLoop: Int {
    #if DEBUG
      4 * 1024 * 1024
    #else
      512 * 1024
    #endif
  }

  public init(
    priority: Int32?, cpu: Int32?, lockMemory: Bool, holdCpuLatency: Bool, stackBytes: Int = Self.stackOfLoop
  ) {
    self.priority = priority
    self.cpu = cpu
    self.lockMemory = lockMemory
    self.holdCpuLatency = holdCpuLatency
    self.stackBytes = stackBytes
  }
}

/// What the kernel granted of a ``RealTimeRequest``.
public struct RealTimeGrant: Equatable, Sendable {
  public enum Outcome: Equatable, Sendable, CustomStringConvertible {
    case granted
    case notAsked
    case refused(Errno)

    public var description: String {
      switch self {
      case .granted: "granted"
      case .notAsked: "not asked for"
      case .refused(let cause): "refused: \(cause)"
      }
    }

    /// From a shim's result, `-errno` when negative.
    init(result: Int32) { self = result < 0 ? .refused(Errno(result: result)) : .granted }
  }

  public var fifo: Outcome
  public var memoryLocked: Outcome
  public var cpu: Outcome
  public var dmaLatency: Outcome

  public init(fifo: Outcome, memoryLocked: Outcome, cpu: Outcome, dmaLatency: Outcome) {
    self.fifo = fifo
    self.memoryLocked = memoryLocked
    self.cpu = cpu
    self.dmaLatency = dmaLatency
  }

  /// Everything that was asked for was granted: without it real hardware refuses to arm unless its profile accepts that.
  public var isComplete: Bool { refusals.isEmpty }

  /// One sentence per thing refused, with what to do about it.
  public var refusals: [String] {
    let remedies: [(String, Outcome, String)] = [
      ("SCHED_FIFO priority", fifo, "give the service LimitRTPRIO= or CAP_SYS_NICE"),
      ("locked memory", memoryLocked, "give the service LimitMEMLOCK=infinity or CAP_IPC_LOCK"),
      ("the loop's own CPU", cpu, "check the CPU in the machine profile against `nproc`"),
      ("/dev/cpu_dma_latency", dmaLatency, "let the service open the device for writing"),
    ]
    return remedies.compactMap { what, outcome, remedy in
      guard case .refused(let cause) = outcome else { return nil }
      return "\(what) was refused: \(cause); \(remedy)"
    }
  }
}
