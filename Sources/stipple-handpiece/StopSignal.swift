import Glibc
import Synchronization

/// SIGTERM and SIGINT as a flag that only a wait can see raised: both are blocked but while waiting.
enum StopSignal {
  private static let raised = Atomic<Bool>(false)

  static var isRaised: Bool { raised.load(ordering: .acquiring) }

  /// Installs the handlers and blocks the signals; gives the mask for the waits.
  static func install() -> sigset_t {
    _ = isRaised
    for number in [SIGTERM, SIGINT] {
      _ = signal(number) { _ in StopSignal.raised.store(true, ordering: .releasing) }
    }
    var blocked = sigset_t()
    var original = sigset_t()
    unsafe sigemptyset(&blocked)
    unsafe sigaddset(&blocked, SIGTERM)
    unsafe sigaddset(&blocked, SIGINT)
    unsafe sigprocmask(SIG_BLOCK, &blocked, &original)
    return original
  }
}
