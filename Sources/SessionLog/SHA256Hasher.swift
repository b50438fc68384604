import CCrypto

/// SHA-256 of bytes that come in pieces, by the system's libcrypto.
///
/// The context has one owner and never leaves it, so moving it between threads is sound.
@safe public struct SHA256Hasher: ~Copyable, @unchecked Sendable {
  private let context: OpaquePointer

  public init() throws(SessionLogError) {
    guard let context = unsafe EVP_MD_CTX_new() else { throw .refused("libcrypto has no memory for SHA-256") }
    guard unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      unsafe EVP_MD_CTX_free(context)
      throw .refused("libcrypto refused SHA-256; is its configuration limited?")
    }
    unsafe self.context = context
  }

  deinit { unsafe EVP_MD_CTX_free(context) }

  public mutating func add(_ bytes: Span<UInt8>) throws(SessionLogError) {
    let result = unsafe bytes.withUnsafeBytes { unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
    guard result == 1 else { throw .refused("libcrypto failed while hashing") }
  }

  /// The digest; the hasher starts anew.
  public mutating func finish() throws(SessionLogError) -> SHA256Digest {
    var bytes = [UInt8](repeating: 0, count: 32)
    let result = unsafe bytes.withUnsafeMutableBytes { target in
      unsafe EVP_DigestFinal_ex(context, target.assumingMemoryBound(to: UInt8.self).baseAddress, nil)
    }
    guard result == 1, unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1,
      let digest = SHA256Digest(bytes: bytes)
    else { throw .refused("libcrypto failed while hashing") }
    return digest
  }
}
