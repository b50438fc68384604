/// One record inside a chunk.
enum ChunkRecord {
  case schema(MCAPSchema)
  case channel(MCAPChannel)
  /// A message and where its payload is among the chunk's records.
  case message(MCAPMessage, payload: Range<Int>)
  /// A type this reader does not know.
  case other(UInt8)
}

extension Span<UInt8> {
  /// The record at the position of uncompressed chunk records; `nil` at their end.
  @inline(__always)
  func chunkRecord(_ position: inout ReadPosition) throws(MCAPError) -> ChunkRecord? {
    guard position.at < count else { return nil }
    let start = position.offset
    let opcode: UInt8 = try integer(&position)
    let range = try longBlock(&position)
    let content = extracting(range)
    switch opcode {
    case Opcode.message.rawValue:
      let message = try content.message(at: start)
      return .message(message, payload: (range.lowerBound + Framing.messageHeader)..<range.upperBound)
    case Opcode.schema.rawValue: return .schema(try content.schema(at: start))
    case Opcode.channel.rawValue: return .channel(try content.channel(at: start))
    default: return .other(opcode)
    }
  }
}
