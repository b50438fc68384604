import Profiles
import Synchronization

/// The profiles in force. Read by anyone at any time; replaced by a reload.
final class LibraryCell: Sendable {
  private let cell: Mutex<ProfileLibrary>

  init(_ library: ProfileLibrary) { cell = Mutex(library) }

  var library: ProfileLibrary { cell.withLock { $0 } }

  func replace(_ library: ProfileLibrary) { cell.withLock { $0 = library } }
}
