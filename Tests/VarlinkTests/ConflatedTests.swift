import Testing
import Varlink

@Suite(.timeLimit(.minutes(1))) struct ConflatedTests {
  @Test func aSlowReaderGetsTheNewestAndTheCountOfTheMissed() async {
    let source = Conflated("a")
    var reader = source.subscribe()
    #expect(await reader.next()?.element == "a")
    for state in ["b", "c", "d"] { source.publish(state) }
    let (newest, missed) = await reader.next() ?? ("", -1)
    #expect(newest == "d" && missed == 2)
    source.publish("e")
    #expect(await reader.next()?.missed == 0)
    source.finish()
    #expect(await reader.next() == nil)
  }

  @Test func aReaderThatWaitsIsWoken() async {
    let source = Conflated(0)
    let reader = Task {
      var subscription = source.subscribe()
      var last = 0
      while let (element, _) = await subscription.next() { last = element }
      return last
    }
    for number in 1...1_000 {
      source.publish(number)
      if number % 100 == 0 { await Task.yield() }
    }
    source.finish()
    #expect(await reader.value == 1_000)
  }

  @Test func aCancelledReaderStopsWaiting() async {
    let source = Conflated(0)
    let reader = Task {
      var subscription = source.subscribe()
      var count = 0
      while await subscription.next() != nil { count += 1 }
      return count
    }
    reader.cancel()
    #expect(await reader.value <= 1)
  }
}
