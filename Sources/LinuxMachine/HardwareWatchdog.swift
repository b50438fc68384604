internal import CLinux
internal import Glibc
public import Units

/// The board's watchdog device, which resets the board when nobody feeds it.
///
/// Its thread feeds it only when the loop has advanced since the last time, so a loop that hangs is not covered up by a
/// process that lives.
public struct HardwareWatchdog: ~Copyable, Sendable {
  /// Where Linux puts the first watchdog.
  public static let devicePath = "/dev/watchdog"

  /// The time-out the driver chose, whole seconds.
  public let timeoutSeconds: Int32
  /// Whether the driver gives notice before it resets.
  public let hasPretimeout: Bool
  /// Whether ``stop()`` stops the device; without the magic close the board resets after the daemon has ended.
  public let stopsWhenClosed: Bool

  private let stopping: WakeUp
  private let thread: RealTimeThread

  /// Opens the device, which starts its clock, and feeds it every `interval` that `progress` (the loop's wake count) differs
  /// from what it was. Throws when there is no device, another program has it, or it takes no such time-out.
  public static func open(
    path: String = HardwareWatchdog.devicePath, timeoutSeconds wanted: Int32, pretimeoutSeconds: Int32?,
    interval: Nanoseconds, progress: @escaping @Sendable () -> UInt64
  ) throws(DeviceError) -> HardwareWatchdog {
    let opened = unsafe stipple_open(path, O_WRONLY)
    guard opened >= 0 else {
      throw DeviceError(attempt: "opening", device: path, cause: Errno(result: opened))
    }
    let timeout: Int32
    let stopping: WakeUp
    do throws(DeviceError) {
      timeout = try Self.setTimeout(wanted, of: opened, at: path)
      stopping = try Self.makeWakeUp(for: path)
    } catch {
      Self.closeStopped(opened)
      throw error
    }
    let hasPretimeout =
      pretimeoutSeconds.map { stipple_watchdog_set_pretimeout(opened, $0) == 0 } ?? false
    let stopsWhenClosed = stipple_watchdog_has_magic_close(opened)
    let thread = try Self.start(
      Feeder(descriptor: opened, stopping: stopping, interval: interval, progress: progress), for: path)
    return HardwareWatchdog(
      timeoutSeconds: timeout, hasPretimeout: hasPretimeout, stopsWhenClosed: stopsWhenClosed,
      stopping: stopping, thread: thread)
  }

  private init(
    timeoutSeconds: Int32, hasPretimeout: Bool, stopsWhenClosed: Bool, stopping: WakeUp,
    thread: consuming RealTimeThread
  ) {
    self.timeoutSeconds = timeoutSeconds
    self.hasPretimeout = hasPretimeout
    self.stopsWhenClosed = stopsWhenClosed
    self.stopping = stopping
    self.thread = thread
  }

  private static func setTimeout(_ wanted: Int32, of device: Int32, at path: String) throws(DeviceError)
    -> Int32
  {
    var actual: Int32 = 0
    let result = unsafe stipple_watchdog_set_timeout(device, wanted, &actual)
    guard result == 0 else {
      throw DeviceError(
        attempt: "setting a time-out of \(wanted) s on", device: path, cause: Errno(result: result))
    }
    return actual
  }

  private static func makeWakeUp(for path: String) throws(DeviceError) -> WakeUp {
    do throws(Errno) {
      return try WakeUp()
    } catch {
      throw DeviceError(attempt: "making the event that stops", device: path, cause: error)
    }
  }

  private static func start(_ feeder: Feeder, for path: String) throws(DeviceError) -> RealTimeThread {
    do throws(Errno) {
      return try RealTimeThread(
        name: "watchdog",
        request: RealTimeRequest(
          priority: nil, cpu: nil, lockMemory: false, holdCpuLatency: false, stackBytes: 256 * 1024),
        payload: feeder, body: { feeder, _ in feeder.run() })
    } catch {
      closeStopped(feeder.descriptor)
      throw DeviceError(attempt: "starting the thread that feeds", device: path, cause: error)
    }
  }

  /// Ends the feeding and stops the device by the magic close, so that a daemon that ends on purpose does not reset the board.
  /// To be called after the loop has parked the needle. A value that goes without it leaves the device fed while the loop
  /// advances.
  public consuming func stop() {
    stopping.signal()
    thread.join()
  }

  private static func closeStopped(_ descriptor: Int32) {
    // 'V' right before closing is the magic close of the kernel's watchdog interface.
    var magic = UInt8(ascii: "V")
    _ = unsafe stipple_write(descriptor, &magic, 1)
    _ = close(descriptor)
  }

  private struct Feeder: Sendable {
    let descriptor: Int32
    let stopping: WakeUp
    let interval: Nanoseconds
    let progress: @Sendable () -> UInt64

    func run() {
      var stop = pollfd(fd: stopping.descriptor, events: Int16(POLLIN), revents: 0)
      var last = progress()
      while unsafe stipple_wait(&stop, 1, interval.count) <= 0 {
        let current = progress()
        guard current != last else { continue }
        last = current
        var food: UInt8 = 0
        // A refused write needs no handling here: the device then does what it does for a dead feeder.
        _ = unsafe stipple_write(descriptor, &food, 1)
      }
      HardwareWatchdog.closeStopped(descriptor)
    }
  }
}
