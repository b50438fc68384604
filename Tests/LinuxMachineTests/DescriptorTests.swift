import Glibc
import LinuxMachine
import Testing

@Suite struct DescriptorTests {
  /// A pipe's two ends; end of file at the reading end is how the closing of the other is seen, whatever other tests open.
  private func makePipe() -> (reading: Int32, writing: Int32) {
    var ends: [Int32] = [-1, -1]
    let made = unsafe pipe(&ends)
    #expect(made == 0)
    return (ends[0], ends[1])
  }

  private func isAtEnd(_ reading: Int32) -> Bool {
    var poll = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
    let ready = unsafe Glibc.poll(&poll, 1, 0)
    return ready == 1 && Int32(poll.revents) & POLLHUP != 0
  }

  @Test func aDescriptorClosesWhenItsOwnerGoes() {
    let (reading, writing) = makePipe()
    do {
      let owned = OwnedDescriptor(adopting: writing)
      #expect(!isAtEnd(reading))
      _ = consume owned
    }
    #expect(isAtEnd(reading))
    close(reading)
  }

  @Test func closingClosesOnce() throws {
    let (reading, writing) = makePipe()
    try OwnedDescriptor(adopting: writing).close()
    #expect(isAtEnd(reading))
    close(reading)
  }

  @Test func aReleasedDescriptorStaysOpen() {
    let (reading, writing) = makePipe()
    let number = OwnedDescriptor(adopting: writing).release()
    #expect(number == writing)
    #expect(!isAtEnd(reading))
    close(writing)
    close(reading)
  }

  @Test func openingWhatDoesNotExistIsENOENT() {
    #expect(throws: Errno(code: ENOENT)) {
      try OwnedDescriptor(path: "/nonexistent/file", flags: O_RDONLY).close()
    }
  }

  @Test func aSignalIsThereUntilItIsDrainedHoweverOftenItWasGiven() throws {
    let wakeUp = try WakeUp()
    #expect(!wakeUp.drain())
    for _ in 0..<1_000 { wakeUp.signal() }
    #expect(wakeUp.drain())
    #expect(!wakeUp.drain())
  }
}
