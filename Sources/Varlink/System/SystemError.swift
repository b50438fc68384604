import Glibc

/// Errors of system calls, in words.
enum SystemError {
  /// "Permission denied (13)". The C library's `strerror` keeps its text per thread (since glibc 2.32).
  static func text(_ number: Int32) -> String {
    guard let message = unsafe strerror(number) else { return "error \(number)" }
    return "\(unsafe String(cString: message)) (\(number))"
  }
}
