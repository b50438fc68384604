import NeedleSafety
import Profiles

/// Any text as a machine, cartridge or needle profile: it is refused with problems that name their place, or what comes out is
/// within every ceiling and reads back from its own canonical text as the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  let source = ProfileSource(file: "test.yaml", bytes: Array(bytes.dropFirst()))
  // The first byte says what it is read as: it is parsed once and not three times.
  switch (bytes.first ?? 0) % 4 {
  case 0:
    let needle = NeedleProfile.decode(source, in: .unknown)
    precondition(needle.profile != nil || !needle.errors.isEmpty, "refused without a problem")
  case 1:
    let cartridge = CartridgeProfile.decode(source)
    precondition(cartridge.profile != nil || !cartridge.errors.isEmpty, "refused without a problem")
  default:
    let machine = MachineProfile.decode(source)
    precondition(machine.profile != nil || !machine.errors.isEmpty, "refused without a problem")
    guard let profile = machine.profile else { return 0 }
    let again = MachineProfile.decode(ProfileSource(file: "test.yaml", text: profile.canonicalText))
    precondition(again.profile == profile, "the canonical text is another profile")
    precondition(
      profile.parameters.ceilings.strokeRate <= Ceilings.absolute.strokeRate, "a ceiling was widened")
  }
  return 0
}
