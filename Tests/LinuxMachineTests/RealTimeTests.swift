import LinuxMachine
import Synchronization
import Testing

@Suite struct RealTimeTests {
  private let plain = RealTimeRequest(priority: nil, cpu: nil, lockMemory: false, holdCpuLatency: false)

  @Test func theThreadOwnsItsPayloadAndIsJoined() throws {
    let seen = Mutex<[UInt8]>([])
    struct Payload: ~Copyable { let value: UInt8 }
    let thread = try RealTimeThread(name: "test", request: plain, payload: Payload(value: 7)) { payload, _ in
      seen.withLock { $0.append(payload.value) }
    }
    thread.join()
    #expect(seen.withLock { $0 } == [7])
  }

  @Test func whatWasNotAskedForIsNeitherGrantedNorRefused() throws {
    let seen = Mutex<RealTimeGrant?>(nil)
    let thread = try RealTimeThread(name: "test", request: plain, payload: ()) { _, grant in
      seen.withLock { $0 = grant }
    }
    thread.join()
    let grant = try #require(seen.withLock { $0 })
    #expect(
      grant == RealTimeGrant(fifo: .notAsked, memoryLocked: .notAsked, cpu: .notAsked, dmaLatency: .notAsked))
    #expect(grant.isComplete)
  }

  @Test func aCpuThatDoesNotExistIsARefusalAndTheThreadRunsAllTheSame() throws {
    let seen = Mutex<RealTimeGrant?>(nil)
    var request = plain
    request.cpu = 1_000_000
    let thread = try RealTimeThread(name: "test", request: request, payload: ()) { _, grant in
      seen.withLock { $0 = grant }
    }
    thread.join()
    let grant = try #require(seen.withLock { $0 })
    #expect(grant.cpu == .refused(Errno(code: 22)))
    #expect(!grant.isComplete)
  }

  @Test func everyRefusalIsSaidWithItsRemedy() {
    let refused = RealTimeGrant.Outcome.refused(Errno(code: 1))
    let grant = RealTimeGrant(fifo: refused, memoryLocked: refused, cpu: .granted, dmaLatency: .notAsked)
    #expect(
      grant.refusals == [
        "SCHED_FIFO priority was refused: Operation not permitted (EPERM); "
          + "give the service LimitRTPRIO= or CAP_SYS_NICE",
        "locked memory was refused: Operation not permitted (EPERM); "
          + "give the service LimitMEMLOCK=infinity or CAP_IPC_LOCK",
      ])
  }

  @Test func theMonotonicClockNeverGoesBack() {
    var last = MonotonicClock.now
    for _ in 0..<1_000 {
      let now = MonotonicClock.now
      #expect(now >= last)
      last = now
    }
  }
}
