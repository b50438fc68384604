/// A moving window over a source, so that many small records cost few reads.
struct ReadWindow<Source: MCAPSource> {
  var source: Source
  private(set) var buffer: [UInt8] = []
  private var start: UInt64 = 0
  /// Bytes fetched at a time when less is asked for.
  private let stride: UInt64 = 256 << 10

  init(_ source: Source) { self.source = source }

  var byteCount: UInt64 { source.byteCount }

  /// Makes `count` bytes at `offset` available; returns where they are in ``buffer``. Throws `.truncated` past the end.
  mutating func fetch(_ offset: UInt64, _ count: UInt64) throws(MCAPError) -> Range<Int> {
    let total = source.byteCount
    guard offset <= total, count <= total - offset else {
      throw .truncated(offset: offset, needed: count, available: total - min(total, offset))
    }
    if offset < start || offset + count > start + UInt64(buffer.count) {
      let length = min(max(count, stride), total - offset)
      start = offset
      do {
        try source.read(offset..<(offset + length), into: &buffer)
      } catch {
        buffer.removeAll(keepingCapacity: true)
        throw error
      }
    }
    let at = Int(offset - start)
    return at..<(at + Int(count))
  }
}
