import CZstd

/// Compresses whole chunks with the system's libzstd, one context kept for all of them.
///
/// The context has one owner and never leaves it, so moving it between threads is sound.
@safe struct ZstdCompressor: ~Copyable, @unchecked Sendable {
  private let context: OpaquePointer

  /// `nil` when the library cannot get memory.
  init?() {
    guard let context = unsafe ZSTD_createCCtx() else { return nil }
    unsafe self.context = context
  }

  deinit { _ = unsafe ZSTD_freeCCtx(context) }

  /// Appends the compressed form of `bytes` to `output`; returns how many bytes that was.
  func compress(_ bytes: Span<UInt8>, level: Int32, into output: inout [UInt8]) throws(MCAPError) -> Int {
    let start = output.count
    let bound = ZSTD_compressBound(bytes.count)
    output.append(contentsOf: repeatElement(0, count: bound))
    let written = unsafe output.withUnsafeMutableBytes { target in
      unsafe bytes.withUnsafeBytes { source in
        unsafe ZSTD_compressCCtx(
          context, target.baseAddress?.advanced(by: start), bound, source.baseAddress, source.count, level)
      }
    }
    guard ZSTD_isError(written) == 0 else {
      throw .compression(offset: 0, reason: unsafe String(cString: ZSTD_getErrorName(written)))
    }
    output.removeLast(bound - written)
    return written
  }
}

/// Decompresses whole chunks with the system's libzstd; owned like ``ZstdCompressor``.
@safe struct ZstdDecompressor: ~Copyable, @unchecked Sendable {
  private let context: OpaquePointer

  /// `nil` when the library cannot get memory.
  init?() {
    guard let context = unsafe ZSTD_createDCtx() else { return nil }
    unsafe self.context = context
  }

  deinit { _ = unsafe ZSTD_freeDCtx(context) }

  /// Fills `output` with exactly `size` bytes or throws; a frame that claims another size is refused before any memory is
  /// taken for it.
  func decompress(
    _ bytes: Span<UInt8>, size: Int, offset: UInt64, into output: inout [UInt8]
  ) throws(MCAPError) {
    let claimed = unsafe bytes.withUnsafeBytes { unsafe ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
    // Writers that stream may leave the size out (all ones); all ones less one means "not a frame".
    let unknownSize = UInt64.max
    guard claimed == UInt64(size) || claimed == unknownSize else {
      throw .compression(
        offset: offset, reason: "the frame does not hold the \(size) bytes its chunk promises")
    }
    if output.count < size { output.append(contentsOf: repeatElement(0, count: size - output.count)) }
    if output.count > size { output.removeLast(output.count - size) }
    let written = unsafe output.withUnsafeMutableBytes { target in
      unsafe bytes.withUnsafeBytes { source in
        unsafe ZSTD_decompressDCtx(context, target.baseAddress, size, source.baseAddress, source.count)
      }
    }
    guard ZSTD_isError(written) == 0 else {
      throw .compression(offset: offset, reason: unsafe String(cString: ZSTD_getErrorName(written)))
    }
    guard written == size else {
      throw .compression(offset: offset, reason: "\(written) bytes came out where \(size) were promised")
    }
  }
}
