internal import CLinux
internal import Glibc
internal import NeedleSafety
public import StrokeControl
public import Units

extension LinuxMachine {
  /// How old levels may be on a wake with edges, whose answer should not wait for another call: two armed periods. Until then
  /// the lines that had edges stand as their last edge left them, and a change of any other would have been one.
  static var levelsAgeAtEdges: Nanoseconds { @_noLocks get { .milliseconds(2) } }

  /// Places of `polled`.
  private static var wakeUpPlace: Int { @_noLocks get { 0 } }
  private static var serialPlace: Int { @_noLocks get { 1 } }
  private static var edgePlace: Int { @_noLocks get { 2 } }

  /// One `ppoll`, then: edges, levels, the wake-up, serial bytes (64 at most, the rest at the next wake).
  @_noLocks public mutating func wait(until deadline: Instant, into wake: inout Wake) {
    wake.edges.removeAll()
    wake.received.removeAll()
    wake.inputFailed = false
    var calls: Int32 = 0
    takeOfferedSerial()

    var timeout: Int64 = 0
    if !serialMayHaveMore {
      let before = MonotonicClock.now
      if deadline > before { timeout = (deadline - before).count }
    }
    let ready = unsafe stipple_wait(polled, polledCount, timeout)
    calls += 1
    wake.now = MonotonicClock.now
    // A signal (EINTR) is a wake like any other. Anything else means that the poll set itself is broken.
    if ready < 0 && ready != -Int32(EINTR) { linesFailed = true }

    readLines(haveEdges: ready > 0 && edgesWait(), into: &wake, calls: &calls)
    if ready > 0 {
      if unsafe polled[Self.wakeUpPlace].revents != 0 {
        _ = stipple_event_drain(wakeUpDescriptor)
        calls += 1
      }
    }
    let serialHasNews = unsafe ready > 0 && polled[Self.serialPlace].revents != 0
    if serialHasNews || serialMayHaveMore { readSerial(hasNews: serialHasNews, into: &wake, calls: &calls) }
    wake.levels = levels
    wake.inputFailed = linesFailed
    wake.serialFailed = hasSerial && !serialIsUp
    wake.systemCalls = Int(calls)
  }

  private var wakeUpDescriptor: Int32 { @_noLocks get { unsafe polled[Self.wakeUpPlace].fd } }

  /// Takes a reopened line in the failed one's place.
  @_noLocks private mutating func takeOfferedSerial() {
    guard hasSerial && !serialIsUp else { return }
    let offered = offers.take(insteadOf: serialDescriptor)
    guard offered >= 0 else { return }
    serial = offered
    serialHungUp = false
    offers.report(isUp: true)
    if stipple_watch_add(serialWatch, offered) < 0 { retireSerial() }
  }

  /// One read for each word of the watch: a read that finds nothing would wait for the kernel's worker.
  @_noLocks private mutating func readSerial(hasNews: Bool, into wake: inout Wake, calls: inout Int32) {
    var events: Int32 = 0
    if hasNews {
      events = stipple_watch_take(serialWatch)
      calls += 1
    }
    guard serialIsUp, events != 0 || serialMayHaveMore else { return }
    if events & (POLLHUP | POLLERR) != 0 { serialHungUp = true }
    calls += 1
    let count = unsafe stipple_read(serial, serialBuffer, SerialBytes.capacity)
    serialMayHaveMore = count == SerialBytes.capacity || (serialHungUp && count > 0)
    var index = 0
    while index < count {
      unsafe wake.received.append(serialBuffer[index])
      index += 1
    }
    // Bytes may still wait on a line that hung up: it is gone when it has no more.
    let empty = count == -Int(EAGAIN) || count == -Int(EINTR)
    if count == 0 || (count < 0 && !empty) || (empty && serialHungUp) { retireSerial() }
  }

  /// Whether the lines' descriptor has edges; a failed one leaves the poll set.
  @_noLocks private mutating func edgesWait() -> Bool {
    let events = Int32(unsafe polled[Self.edgePlace].revents)
    if events & (POLLHUP | POLLERR | POLLNVAL) != 0 {
      unsafe polled[Self.edgePlace].fd = -1
      linesFailed = true
    }
    return events & POLLIN != 0
  }

  /// Edges first, then levels, so that a level is never older than an edge of the same wake.
  @_noLocks private mutating func readLines(haveEdges: Bool, into wake: inout Wake, calls: inout Int32) {
    if haveEdges {
      calls += 1
      if !lines.readEdges(through: &audit, into: &wake.edges) { linesFailed = true }
    }
    if wake.edges.count > 0 {
      // An edge that came while the loop was waking is part of this wake: the wake's time is not before it.
      wake.now = wake.now.later(of: wake.edges[wake.edges.count - 1].at)
      follow(wake.edges)
      if wake.now - levelsReadAt < Self.levelsAgeAtEdges { return }
    }
    calls += 1
    guard lines.readLevels(into: &levels) else {
      linesFailed = true
      return
    }
    levelsReadAt = wake.now
    audit.compare(levels, at: wake.now, into: &wake.edges)
  }

  /// Lines that had edges stand as the last one left them.
  @_noLocks private mutating func follow(_ edges: borrowing Edges) {
    var index = 0
    while index < edges.count {
      levels.set(edges[index].signal, high: edges[index].rising)
      index += 1
    }
  }
}
