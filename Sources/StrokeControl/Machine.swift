public import NeedleSafety
public import Units

/// The board as the loop sees it: lines, the drive's serial bytes, the clock. Two implementations ship: the Linux board and
/// the virtual handpiece.
///
/// Every method is called from the loop's thread only, neither allocates nor locks once `wait` has been called first, and
/// never blocks but in `wait`.
public protocol Machine: ~Copyable, SendableMetatype {
  /// CLOCK_MONOTONIC, or the virtual clock.
  var now: Instant { get }

  /// Sleeps until `deadline`, or until an edge, a drive byte or a wake-up from the control plane comes, whichever is first;
  /// then fills `wake`. A deadline in the past returns at once.
  mutating func wait(until deadline: Instant, into wake: inout Wake)

  /// Sets all outputs, FIRE first. `false` when the kernel refused or the write was not whole: the loop makes it a fault.
  mutating func write(_ outputs: OutputLevels) -> Bool

  /// The levels of the outputs as the chip reports them, `nil` when they cannot be read.
  mutating func readBack() -> OutputLevels?

  /// Hands bytes to the drive's serial line; returns how many it took (0 when its buffer is full), or -1 when it is gone.
  mutating func send(_ bytes: borrowing SerialBytes) -> Int

  /// System calls that `write`, `readBack` and `send` have made so far; those of `wait` come with each wake.
  var callsOutsideWait: Int { get }
}

/// Everything one wake of the loop brought.
public struct Wake: Sendable {
  /// When the loop woke.
  public var now: Instant
  /// All input levels, read after the edges.
  public var levels: InputLevels
  public var edges: Edges
  /// Bytes from the drive.
  public var received: SerialBytes
  /// Levels could not be read, or a descriptor failed.
  public var inputFailed: Bool
  /// The serial line is closed or broken.
  public var serialFailed: Bool
  /// How many system calls the machine made in this wait, counted, for `make bench`.
  public var systemCalls: Int

  @_noLocks public init() {
    now = .boot
    levels = InputLevels(bits: 0)
    edges = Edges()
    received = SerialBytes()
    inputFailed = false
    serialFailed = false
    systemCalls = 0
  }
}

/// A bounded run of serial bytes, 64 at most: seven TMCL frames, or one VESC frame of the sizes used.
public struct SerialBytes: Sendable, BitwiseCopyable {
  public static var capacity: Int { @_noLocks get { 64 } }

  // Read byte by byte on both ends of every frame: inlined into the other modules.
  @usableFromInline var storage: InlineArray<64, UInt8>
  public internal(set) var count: Int

  @_noLocks public init() {
    storage = InlineArray(repeating: 0)
    count = 0
  }

  /// Adds a byte; `false` when full.
  @discardableResult
  @_noLocks public mutating func append(_ byte: UInt8) -> Bool {
    guard count < Self.capacity else { return false }
    storage[count] = byte
    count += 1
    return true
  }

  @_noLocks public mutating func removeAll() { count = 0 }

  /// The byte at `index`, 0..<count.
  @_noLocks @inlinable public subscript(index: Int) -> UInt8 { @_noLocks get { storage[index] } }
}
