// The protobuf wire format, as far as the records need it: varints, zigzag and length-delimited fields.
// A field is written even when it is 0, so that "measured as 0" and "not measured" stay different.

extension [UInt8] {
  @inline(__always)
  mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }

  @inline(__always)
  mutating func append(field: UInt8, unsigned value: UInt64) {
    append(field << 3)
    append(varint: value)
  }

  @inline(__always)
  mutating func append(field: UInt8, fixed value: UInt64) {
    append(field << 3 | 1)
    for shift in stride(from: UInt64(0), to: 64, by: 8) { append(UInt8(truncatingIfNeeded: value >> shift)) }
  }

  /// A signed field of type sint: small magnitudes of either sign stay short.
  @inline(__always)
  mutating func append(field: UInt8, signed value: Int64) {
    append(field: field, unsigned: UInt64(bitPattern: (value << 1) ^ (value >> 63)))
  }

  mutating func append(field: UInt8, text: String) {
    append(field << 3 | 2)
    append(varint: UInt64(text.utf8.count))
    append(contentsOf: text.utf8)
  }

  mutating func append(field: UInt8, bytes: [UInt8]) {
    append(field << 3 | 2)
    append(varint: UInt64(bytes.count))
    append(contentsOf: bytes)
  }

  /// A packed repeated field of unsigned numbers.
  mutating func append(field: UInt8, packed values: [UInt32]) {
    var inner: [UInt8] = []
    for value in values { inner.append(varint: UInt64(value)) }
    append(field: field, bytes: inner)
  }
}
