/// CRC-32 as MCAP uses it: the polynomial of IEEE 802.3, reflected (`0xEDB88320`), initial and final inversion.
///
/// The check value of the ASCII digits 1 to 9 is `0xCBF43926`. Eight tables let the loop take eight bytes at a time, so that a
/// whole session is checked in a fraction of the time its decompression takes.
public struct CRC32: Sendable {
  private var state: UInt32 = 0xFFFF_FFFF

  public init() {}

  /// The checksum of everything added so far.
  public var value: UInt32 { ~state }

  /// Adds bytes; may be called any number of times.
  public mutating func add(_ bytes: Span<UInt8>) {
    let table = Self.tables.span
    let raw = unsafe bytes.bytes
    let count = bytes.count
    var crc = state
    var at = 0
    // The offsets stay inside `bytes` by the loop's bound, the table indexes inside 2,048 by their masks.
    while at &+ 8 <= count {
      let low =
        unsafe raw.unsafeLoadUnaligned(fromUncheckedByteOffset: at, as: UInt32.self).littleEndian ^ crc
      let high = unsafe raw.unsafeLoadUnaligned(fromUncheckedByteOffset: at &+ 4, as: UInt32.self)
        .littleEndian
      crc =
        unsafe table[unchecked: 1792 &+ Int(low & 0xFF)] ^ table[unchecked: 1536 &+ Int((low >> 8) & 0xFF)]
        ^ table[unchecked: 1280 &+ Int((low >> 16) & 0xFF)] ^ table[unchecked: 1024 &+ Int(low >> 24)]
        ^ table[unchecked: 768 &+ Int(high & 0xFF)] ^ table[unchecked: 512 &+ Int((high >> 8) & 0xFF)]
        ^ table[unchecked: 256 &+ Int((high >> 16) & 0xFF)] ^ table[unchecked: Int(high >> 24)]
      at &+= 8
    }
    while at < count {
      let byte = unsafe bytes[unchecked: at]
      crc = unsafe table[unchecked: Int((crc ^ UInt32(byte)) & 0xFF)] ^ (crc >> 8)
      at &+= 1
    }
    state = crc
  }

  /// The checksum of one run of bytes.
  public static func of(_ bytes: Span<UInt8>) -> UInt32 {
    var crc = CRC32()
    crc.add(bytes)
    return crc.value
  }

  /// Table `k` holds, at `k * 256 + byte`, the effect of `byte` followed by `k` zero bytes.
  private static let tables: [UInt32] = {
    let polynomial: UInt32 = 0xEDB8_8320
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var crc = UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ polynomial : crc >> 1 }
      tables[byte] = crc
    }
    for slice in 1..<8 {
      for byte in 0..<256 {
        let before = tables[(slice - 1) * 256 + byte]
        tables[slice * 256 + byte] = tables[Int(before & 0xFF)] ^ (before >> 8)
      }
    }
    return tables
  }()
}
