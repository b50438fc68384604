import Synchronization
import Testing

@testable import stipplectl

@Suite(.timeLimit(.minutes(1))) struct PulseTests {
  private struct Failure: Error {}

  @Test func silenceAndTheFirstAnswerAfterItAreTold() async throws {
    try await Bench.with { bench in
      let (beats, continuation) = AsyncStream.makeStream(of: Bool.self)
      let pulse = Task { await Pulse(socket: bench.socket).feel { continuation.yield($0) } }
      var iterator = beats.makeAsyncIterator()
      #expect(await iterator.next() == true)
      bench.machine.refuse(Failure())
      while await iterator.next() == true {}
      bench.machine.script.withLock { $0.refusal = nil }
      while await iterator.next() == false {}
      pulse.cancel()
      continuation.finish()
      await pulse.value
    }
  }

  @Test func nobodyListeningIsSilence() async {
    let (beats, continuation) = AsyncStream.makeStream(of: Bool.self)
    let pulse = Task { await Pulse(socket: "/tmp/none").feel { continuation.yield($0) } }
    var iterator = beats.makeAsyncIterator()
    #expect(await iterator.next() == false)
    pulse.cancel()
    continuation.finish()
    await pulse.value
  }
}
