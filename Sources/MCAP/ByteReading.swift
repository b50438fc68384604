// Bounds-checked little-endian fields. Every read says what it needed and where, and none traps.

/// A position inside the bytes of one record, with the file offset of the first of them for messages.
struct ReadPosition {
  var at: Int
  let fileOffset: UInt64

  init(_ at: Int = 0, fileOffset: UInt64) {
    self.at = at
    self.fileOffset = fileOffset
  }

  var offset: UInt64 { fileOffset &+ UInt64(at) }
}

extension Span<UInt8> {
  /// Little-endian integer at the position, which then moves on.
  @inline(__always)
  func integer<Value: FixedWidthInteger & BitwiseCopyable>(
    _ position: inout ReadPosition, as type: Value.Type = Value.self
  ) throws(MCAPError) -> Value {
    let size = MemoryLayout<Value>.size
    guard count &- position.at >= size else { throw shortage(position, UInt64(size)) }
    // Any bit pattern is a valid integer, and the bound was checked on the line above.
    let value = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: position.at, as: Value.self)
    position.at &+= size
    return Value(littleEndian: value)
  }

  /// A run of bytes after a 32-bit length.
  func block(_ position: inout ReadPosition) throws(MCAPError) -> Range<Int> {
    try run(UInt64(integer(&position, as: UInt32.self)), &position)
  }

  /// A run of bytes after a 64-bit length.
  func longBlock(_ position: inout ReadPosition) throws(MCAPError) -> Range<Int> {
    try run(integer(&position, as: UInt64.self), &position)
  }

  private func run(_ length: UInt64, _ position: inout ReadPosition) throws(MCAPError) -> Range<Int> {
    guard length <= UInt64(count - position.at) else { throw shortage(position, length) }
    let range = position.at..<(position.at + Int(length))
    position.at = range.upperBound
    return range
  }

  /// A string; bytes that are not UTF-8 are an error, not replaced.
  func text(_ position: inout ReadPosition) throws(MCAPError) -> String {
    let start = position.offset
    let range = try block(&position)
    guard let text = String(validating: array(range), as: UTF8.self) else {
      throw .malformed(offset: start, reason: "a string is not UTF-8")
    }
    return text
  }

  func map(_ position: inout ReadPosition) throws(MCAPError) -> [String: String] {
    let range = try block(&position)
    var inner = ReadPosition(range.lowerBound, fileOffset: position.fileOffset)
    let bytes = extracting(0..<range.upperBound)
    var map: [String: String] = [:]
    while inner.at < range.upperBound {
      let key = try bytes.text(&inner)
      map[key] = try bytes.text(&inner)
    }
    return map
  }

  /// A copy of some of the bytes.
  func array(_ range: Range<Int>) -> [UInt8] {
    unsafe extracting(range).withUnsafeBytes { unsafe [UInt8]($0) }
  }

  private func shortage(_ position: ReadPosition, _ needed: UInt64) -> MCAPError {
    .truncated(offset: position.offset, needed: needed, available: UInt64(max(0, count - position.at)))
  }
}
