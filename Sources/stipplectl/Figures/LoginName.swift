import Glibc

/// The name behind `uid 1000`, as the daemon's answers call people: by number, which stays true in a record.
enum LoginName {
  /// Room for one entry of the user database; a longer one stays a number.
  private static let entrySize = 4 << 10

  /// "anna" for "uid 1000"; anything else, and a number that this host does not know, as it is.
  static func of(_ author: String) -> String {
    let number = author.hasPrefix("uid ") ? UInt32(author.dropFirst(4)) : nil
    return number.flatMap(lookUp) ?? author
  }

  private static func lookUp(_ userID: UInt32) -> String? {
    var (entry, buffer) = unsafe (passwd(), [CChar](repeating: 0, count: entrySize))
    var found: UnsafeMutablePointer<passwd>?
    guard unsafe getpwuid_r(userID, &entry, &buffer, buffer.count, &found) == 0, unsafe found != nil,
      let name = unsafe entry.pw_name
    else { return nil }
    return TextWidth.harmless(unsafe String(cString: name))
  }
}
