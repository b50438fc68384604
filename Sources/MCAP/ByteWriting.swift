// Little-endian fields, as every integer in MCAP is written.

extension [UInt8] {
  @inline(__always)
  mutating func append<Value: FixedWidthInteger>(littleEndian value: Value) {
    let little = value.littleEndian
    unsafe Swift.withUnsafeBytes(of: little) { bytes in unsafe append(contentsOf: bytes) }
  }

  /// A string: its length in bytes, then its UTF-8.
  mutating func append(text: String) {
    append(littleEndian: UInt32(clamping: text.utf8.count))
    append(contentsOf: text.utf8)
  }

  /// A map of strings, in the order of its keys so that equal maps give equal bytes.
  mutating func append(map: [String: String]) {
    let lengthAt = count
    append(littleEndian: UInt32(0))
    for (key, value) in map.sorted(by: { $0.key < $1.key }) {
      append(text: key)
      append(text: value)
    }
    replace(at: lengthAt, with: UInt32(clamping: count - lengthAt - 4))
  }

  /// Opens a record; returns where its length is to be filled in by ``closeRecord(_:)``.
  mutating func openRecord(_ opcode: Opcode) -> Int {
    append(opcode.rawValue)
    append(littleEndian: UInt64(0))
    return count - 8
  }

  mutating func closeRecord(_ lengthAt: Int) {
    replace(at: lengthAt, with: UInt64(count - lengthAt - 8))
  }

  /// Overwrites bytes already appended.
  @inline(__always)
  mutating func replace<Value: FixedWidthInteger>(at offset: Int, with value: Value) {
    let little = value.littleEndian
    unsafe withUnsafeMutableBytes { buffer in
      unsafe buffer.storeBytes(of: little, toByteOffset: offset, as: Value.self)
    }
  }
}
