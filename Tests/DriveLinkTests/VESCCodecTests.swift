import DriveLink
import StrokeControl
import Testing
import Units

@Suite("VESC packets") struct VESCCodecTests {
  private func payload(_ bytes: [UInt8]) -> VESCPayload {
    var payload = VESCPayload()
    for byte in bytes { payload.append(byte) }
    return payload
  }

  private func bytes(of packet: VESCPacket) -> [UInt8] { (0..<packet.count).map { packet.byte(at: $0) } }

  /// The payloads found in a stream.
  private func found(in stream: [UInt8], by accumulator: inout VESCAccumulator) -> [[UInt8]] {
    stream.compactMap { byte in
      guard accumulator.append(byte) else { return nil }
      return (0..<accumulator.payload.count).map { accumulator.payload[$0] }
    }
  }

  @Test("The checksum is CRC-16/XMODEM") func checksum() {
    #expect(payload(Array("123456789".utf8)).checksum == 0x31C3)
  }

  @Test("A request of one byte is six bytes long") func getValues() {
    #expect(bytes(of: VESCPacket(VESCPayload(.getValues))) == [0x02, 0x01, 0x04, 0x40, 0x84, 0x03])
  }

  @Test("Lengths up to 255 take one byte, longer ones two", arguments: [1, 2, 255, 256, 511, 512])
  func lengths(length: Int) {
    let content = (0..<length).map { UInt8(truncatingIfNeeded: $0 * 7 + 1) }
    let packet = bytes(of: VESCPacket(payload(content)))
    #expect(packet.count == length + (length > 255 ? 6 : 5))
    #expect(packet.first == (length > 255 ? 3 : 2))
    #expect(packet.last == 3)
    var accumulator = VESCAccumulator()
    #expect(found(in: packet, by: &accumulator) == [content])
    #expect(accumulator.discarded == 0)
  }

  @Test("A payload takes no more than 512 bytes") func tooLong() {
    #expect(payload([UInt8](repeating: 5, count: 600)).count == 512)
  }

  @Test("A whole packet is found behind any garbage") func garbage() {
    let seed = UInt64.random(in: 1...UInt64.max)
    var noise = SplitMix(state: seed)
    for round in 0..<400 {
      var accumulator = VESCAccumulator()
      let content = (0..<Int(1 + noise.next() % 100)).map { _ in UInt8(truncatingIfNeeded: noise.next()) }
      let garbage = (0..<Int(noise.next() % 60)).map { _ in UInt8(truncatingIfNeeded: noise.next()) }
      let packet = bytes(of: VESCPacket(payload(content)))
      // The garbage may begin like a packet of 512 bytes; once those have passed it is known for what it is.
      let filler = [UInt8](repeating: 0, count: 600)
      let payloads = found(in: garbage + packet + filler, by: &accumulator)
      #expect(payloads.contains(content), "seed \(seed), round \(round)")
    }
  }

  @Test("A packet with any one bit flipped is not taken") func everyBit() {
    let packet = bytes(of: VESCPacket(payload([4, 1, 2, 3, 2, 3, 9])))
    for bit in 0..<packet.count * 8 {
      var damaged = packet
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      var accumulator = VESCAccumulator()
      #expect(found(in: damaged + [UInt8](repeating: 0, count: 600), by: &accumulator).isEmpty, "bit \(bit)")
    }
  }

  @Test("Two packets back to back, and one inside another's false beginning, are both found")
  func neighbours() {
    let packet = bytes(of: VESCPacket(payload([4])))
    var accumulator = VESCAccumulator()
    #expect(found(in: packet + packet, by: &accumulator) == [[4], [4]])
    // `02 05` pretends to be five bytes long and swallows the packet's beginning.
    #expect(found(in: [2, 5] + packet + packet, by: &accumulator) == [[4], [4]])
    #expect(accumulator.resynchronisations == 1)
  }

  @Test("What a controller measures survives the way there and back") func values() throws {
    var values = VESCValues()
    values.transistorTemperature = 314
    values.motorCurrent = -1_234
    values.rpm = -36_000
    values.tachometer = 987_654
    values.fault = 3
    values.angle = 123_456_789
    values.controller = 77
    values.hasTimedOut = true
    #expect(values.payload.count == 74)
    let read = try #require(VESCValues(values.payload))
    #expect(read.transistorTemperature == 314)
    #expect(read.motorCurrent == -1_234)
    #expect(read.rpm == -36_000)
    #expect(read.tachometer == 987_654)
    #expect(read.fault == 3)
    #expect(read.angle == 123_456_789)
    #expect(read.controller == 77)
    #expect(read.hasTimedOut)
  }

  @Test("An older firmware's shorter answer is read as far as it goes, a truncated one not at all")
  func shorter() {
    let whole = VESCValues().payload
    var older = VESCPayload()
    for index in 0..<59 { older.append(whole[index]) }
    #expect(VESCValues(older) != nil)
    var truncated = VESCPayload()
    for index in 0..<58 { truncated.append(whole[index]) }
    #expect(VESCValues(truncated) == nil)
  }

  @Test("Numbers are written as IEEE 754 has them") func floats() {
    var payload = VESCPayload()
    payload.append(Float(-0.15625))
    #expect((0..<4).map { payload[$0] } == [0xBE, 0x20, 0x00, 0x00])
  }
}
