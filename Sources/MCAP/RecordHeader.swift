/// A record's place: its opcode, the offset of the opcode, and the length of the content after the nine header bytes.
struct RecordHeader {
  let opcode: UInt8
  let offset: UInt64
  let length: UInt64

  var contentOffset: UInt64 { offset + UInt64(Framing.recordHeader) }
  var end: UInt64 { contentOffset + length }
}

extension ReadWindow {
  /// The header at `offset`; its content is proved to lie inside the file.
  mutating func header(at offset: UInt64) throws(MCAPError) -> RecordHeader {
    let range = try fetch(offset, UInt64(Framing.recordHeader))
    var position = ReadPosition(range.lowerBound, fileOffset: 0)
    let bytes = buffer.span
    let opcode: UInt8 = try bytes.integer(&position)
    let length: UInt64 = try bytes.integer(&position)
    let available = byteCount - offset - UInt64(Framing.recordHeader)
    guard length <= available else {
      throw .truncated(offset: offset, needed: length, available: available)
    }
    return RecordHeader(opcode: opcode, offset: offset, length: length)
  }

  /// The content of a record, refused when over the limit.
  mutating func content(of header: RecordHeader, limits: MCAPLimits) throws(MCAPError) -> Range<Int> {
    guard header.length <= limits.recordBytes else {
      throw .tooLarge(offset: header.offset, what: "record", size: header.length, limit: limits.recordBytes)
    }
    return try fetch(header.contentOffset, header.length)
  }

  /// Whether the eight magic bytes stand at `offset`.
  mutating func hasMagic(at offset: UInt64) throws(MCAPError) -> Bool {
    let range = try fetch(offset, UInt64(Framing.magic.count))
    return buffer[range].elementsEqual(Framing.magic)
  }
}
