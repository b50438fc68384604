/// All profiles of a folder tree (`machines/`, `cartridges/`, `needles/`), each by its name.
///
/// A refused file hides no other: its problems are kept beside the good profiles. Needle profiles are checked against one
/// machine, the one they are to run on.
public struct ProfileLibrary: Sendable {
  public private(set) var machines: [String: MachineProfile] = [:]
  public private(set) var cartridges: [String: CartridgeProfile] = [:]
  public private(set) var needles: [String: NeedleProfile] = [:]
  /// Everything found, errors and warnings, by file and place.
  public private(set) var problems: [ProfileProblem] = []
  /// The machine the needle profiles were checked against.
  public let machine: MachineProfile?
  /// The texts of the needle profiles by name, those that were refused among them, with every line ended by one newline.
  public private(set) var needleTexts: [String: String] = [:]
  private var refusedCartridges: Set<String> = []

  public var errors: [ProfileProblem] { problems.filter { $0.severity == .error } }
  public var warnings: [ProfileProblem] { problems.filter { $0.severity == .warning } }

  /// From texts, by kind. The way for tests, and for profiles that come out of a database.
  ///
  /// With no machine, needle profiles are held against the absolute ceilings only, with travel taking no time.
  public init(sources: [ProfileKind: [ProfileSource]], machine: MachineProfile?) {
    self.machine = machine
    for source in sources[.machine] ?? [] { add(MachineProfile.decode(source)) { $0.machines[$1.name] = $1 } }
    for source in sources[.cartridge] ?? [] {
      let decoded = CartridgeProfile.decode(source)
      if decoded.profile == nil { refusedCartridges.insert(source.stem) }
      add(decoded) { $0.cartridges[$1.name] = $1 }
    }
    let surroundings = surroundings
    for source in sources[.needle] ?? [] {
      needleTexts[source.stem] = try? source.text()
      add(NeedleProfile.decode(source, in: surroundings)) { $0.needles[$1.name] = $1 }
    }
  }

  /// From a folder tree. A folder that is missing is a problem; a file of another kind than its folder's is refused.
  public static func load(directory: String, machine: MachineProfile?) -> ProfileLibrary {
    var sources: [ProfileKind: [ProfileSource]] = [:]
    var problems: [ProfileProblem] = []
    for kind in ProfileKind.allCases {
      let (files, found) = ProfileFiles.list("\(directory)/\(kind.folder)")
      problems += found
      for file in files {
        do {
          sources[kind, default: []].append(try ProfileFiles.read(file))
        } catch {
          problems.append(error)
        }
      }
    }
    var library = ProfileLibrary(sources: sources, machine: machine)
    library.problems = problems + library.problems
    return library
  }

  /// What needle profiles of this library are checked against; for a changed profile, and for display.
  public var surroundings: NeedleSurroundings {
    NeedleSurroundings(
      machine: machine, cartridges: cartridges, refusedCartridges: refusedCartridges, knowsCartridges: true)
  }

  /// The needle profile names, in order.
  public var needleNames: [String] { needles.keys.sorted() }
  /// The cartridge profile names, in order.
  public var cartridgeNames: [String] { cartridges.keys.sorted() }

  /// The needle profile's name most like this one, for a "did you mean"; `nil` when none is near.
  public func nearestNeedle(to name: String) -> String? { NearestWord.to(name, in: needleNames) }

  /// Reads a needle profile of this library from another text than its file's; problems speak of `NAME.yaml`.
  public func decodeNeedle(_ text: String, named name: String) -> Decoded<NeedleProfile> {
    NeedleProfile.decode(ProfileSource(file: "\(name).yaml", text: text), in: surroundings)
  }
  /// The cartridge profile's name most like this one, for a "did you mean"; `nil` when none is near.
  public func nearestCartridge(to name: String) -> String? { NearestWord.to(name, in: cartridgeNames) }

  private mutating func add<Profile>(
    _ decoded: Decoded<Profile>, keep: (inout ProfileLibrary, Profile) -> Void
  ) {
    problems += decoded.problems
    if let profile = decoded.profile { keep(&self, profile) }
  }
}

extension MachineProfile {
  /// Reads a machine profile from its file.
  public static func load(file: String) -> Decoded<MachineProfile> {
    do {
      return decode(try ProfileFiles.read(file))
    } catch {
      return Decoded(profile: nil, problems: [error])
    }
  }
}
