import MCAP
import Testing

@Suite struct CRC32Tests {
  @Test func givesThePublishedCheckValue() {
    let digits = Array("123456789".utf8)
    let value = CRC32.of(digits.span)
    #expect(value == 0xCBF4_3926)
  }

  @Test func isTheSameInPiecesOfAnyLength() {
    let bytes = (0..<1_000).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    let whole = CRC32.of(bytes.span)
    for cut in [0, 1, 7, 8, 9, 63, 500, 999] {
      var crc = CRC32()
      crc.add(bytes.span.extracting(0..<cut))
      crc.add(bytes.span.extracting(cut..<1_000))
      #expect(crc.value == whole)
    }
  }

  @Test func seesOneFlippedBit() {
    var bytes = [UInt8](repeating: 7, count: 100)
    let before = CRC32.of(bytes.span)
    bytes[99] ^= 1
    let after = CRC32.of(bytes.span)
    #expect(after != before)
  }
}
