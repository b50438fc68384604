internal import CLinux
internal import Glibc
public import NeedleSafety
public import StrokeControl
public import Units

/// The board: GPIO lines through libgpiod, the drive's serial line, and the one `ppoll` in which the loop sleeps.
///
/// All storage is allocated when it opens. `wait`, `write`, `readBack` and `send` are checked by the compiler to neither
/// allocate nor lock; what they reach in C is a system call each.
@safe
public struct LinuxMachine: ~Copyable, Machine {
  let lines: BoardLines
  let wakeUp: WakeUp
  /// Kept for its memory, which `offers` points into.
  let handover: SerialHandover
  let offers: SerialHandover.LoopEnd
  var audit: EdgeAudit
  /// Levels as last read, or as edges left them since.
  var levels: InputLevels
  /// When the levels were last read.
  var levelsReadAt: Instant
  /// A GPIO descriptor failed; it stays so, because a chip does not come back under the same descriptor.
  var linesFailed: Bool
  /// Place 0 is the wake-up, 1 the watch over the serial line, 2 the lines' edges.
  let polled: UnsafeMutablePointer<pollfd>
  let polledCount: Int
  /// One wake's bytes on their way from or to the serial line.
  let serialBuffer: UnsafeMutablePointer<UInt8>
  /// The serial line's descriptor, -1 while there is none. A failed line's number is kept negated, less one, until the control
  /// plane closes it when it brings the next.
  var serial: Int32
  /// Polled in the serial line's stead: see `stipple_watch_create`.
  let serialWatch: Int32
  /// The last read filled the buffer: there may be more, which no further event announces.
  var serialMayHaveMore = false
  var serialHungUp = false
  /// Whether a serial line is configured at all: without one its absence is no failure.
  let hasSerial: Bool
  private var written: OutputLevels?
  /// System calls made by `write`, `readBack` and `send` since opening.
  public private(set) var callsOutsideWait: Int

  /// The outputs' levels when the board was opened, before it touched them: anything high outlived its last owner.
  public var levelsBeforeOpening: OutputLevels { lines.levelsBeforeOpening }

  /// Opens the board with all outputs low. Throws naming what is missing, busy or refused, and holds nothing then.
  ///
  /// `wakeUp` is the control plane's handle on the loop; `handover` brings a reopened serial line. With `opensSerial` false it
  /// brings the first one as well, and until then the line counts as failed: a drive that is plugged in later is no reason
  /// not to start.
  public init(
    _ configuration: BoardConfiguration, wakeUp: WakeUp, handover: SerialHandover = SerialHandover(),
    opensSerial: Bool = true
  ) throws(BoardError) {
    let watch = stipple_watch_create()
    guard watch >= 0 else {
      throw .serial(
        DeviceError(
          attempt: "watching", device: configuration.serial?.path ?? "the serial line",
          cause: Errno(result: watch)))
    }
    var serial: Int32 = -1
    if opensSerial, let wanted = configuration.serial {
      do throws(DeviceError) {
        serial = try SerialPort(path: wanted.path, baud: wanted.baud).release()
      } catch {
        _ = close(watch)
        throw .serial(error)
      }
    }
    do throws(BoardError) {
      lines = try BoardLines(configuration)
    } catch {
      if serial >= 0 { _ = close(serial) }
      _ = close(watch)
      throw error
    }
    self.serial = serial
    serialWatch = watch
    if serial >= 0 { _ = stipple_watch_add(watch, serial) }
    self.wakeUp = wakeUp
    self.handover = handover
    offers = handover.loopEnd
    hasSerial = configuration.serial != nil
    offers.report(isUp: serial >= 0)
    levels = configuration.unwired
    linesFailed = !lines.readLevels(into: &levels)
    levelsReadAt = MonotonicClock.now
    audit = EdgeAudit(levels: levels, at: levelsReadAt)
    written = .safe
    callsOutsideWait = 0
    unsafe serialBuffer = .allocate(capacity: SerialBytes.capacity)
    unsafe serialBuffer.initialize(repeating: 0, count: SerialBytes.capacity)
    let watched = [wakeUp.descriptor, watch, lines.edgeDescriptor]
    polledCount = watched.count
    unsafe polled = .allocate(capacity: watched.count)
    for (place, descriptor) in watched.enumerated() {
      unsafe (polled + place).initialize(to: pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
    }
  }

  deinit {
    if serialDescriptor >= 0 { _ = close(serialDescriptor) }
    _ = close(serialWatch)
    unsafe polled.deallocate()
    unsafe serialBuffer.deallocate()
  }

  public var now: Instant { @_noLocks get { MonotonicClock.now } }

  /// The serial line's descriptor, working or failed; -1 while there is none.
  var serialDescriptor: Int32 { @_noLocks get { serial < -1 ? -serial - 2 : serial } }

  /// Whether the serial line can be used.
  var serialIsUp: Bool { @_noLocks get { serial >= 0 } }

  /// Sets all outputs in one call, or none when they stand already; FIRE is low before torque rises, whatever order the chip
  /// sets its lines in. `false` when the kernel refused; the next write is then made in any case.
  @_noLocks public mutating func write(_ outputs: OutputLevels) -> Bool {
    let wanted = outputs.bits & lines.outputs
    if let written {
      if written.bits & lines.outputs == wanted { return true }
      let torque = OutputSignal.torqueEnableA.bit | OutputSignal.torqueEnableB.bit
      let fireFalls = written.bits & ~wanted & OutputSignal.fire.bit != 0
      let torqueRises = wanted & ~written.bits & torque != 0
      if fireFalls && torqueRises {
        callsOutsideWait += 1
        guard lines.write(OutputLevels(bits: written.bits & ~OutputSignal.fire.bit)) else {
          self.written = nil
          return false
        }
      }
    }
    callsOutsideWait += 1
    guard lines.write(OutputLevels(bits: wanted)) else {
      written = nil
      return false
    }
    written = OutputLevels(bits: wanted)
    return true
  }

  @_noLocks public mutating func readBack() -> OutputLevels? {
    callsOutsideWait += 1
    return lines.readBack()
  }

  /// Hands bytes to the serial line; a line that refuses is gone until the control plane brings another.
  @_noLocks public mutating func send(_ bytes: borrowing SerialBytes) -> Int {
    guard serialIsUp else { return -1 }
    let count = bytes.count
    var index = 0
    while index < count {
      unsafe serialBuffer[index] = bytes[index]
      index += 1
    }
    callsOutsideWait += 1
    let sent = unsafe stipple_write(serial, serialBuffer, count)
    if sent >= 0 { return sent }
    if sent == -Int(EAGAIN) || sent == -Int(EINTR) { return 0 }
    retireSerial()
    return -1
  }

  /// Watches the serial line no longer: it hung up or failed.
  @_noLocks mutating func retireSerial() {
    guard serial >= 0 else { return }
    _ = stipple_watch_remove(serialWatch, serial)
    serialMayHaveMore = false
    serial = -serial - 2
    offers.report(isUp: false)
  }
}
