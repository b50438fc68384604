import LinuxMachine
import Testing

@Suite struct ErrnoTests {
  @Test func anErrorIsDescribedByTextAndSymbol() {
    #expect(Errno(code: 2).description == "No such file or directory (ENOENT)")
    #expect(Errno(code: 16).name == "EBUSY")
  }

  @Test func anErrorThatDoesNotExistIsDescribedByItsNumber() {
    #expect(Errno(code: 9_999).description == "error 9999")
    #expect(Errno(code: 9_999).name == "9999")
  }

  @Test func aDeviceErrorSaysWhatWasTriedOnWhatAndWhatHelps() {
    let error = DeviceError(attempt: "opening", device: "/dev/ttyAMA0", cause: Errno(code: 13))
    #expect(
      error.description == "opening /dev/ttyAMA0: Permission denied (EACCES); "
        + "give the daemon's user the device's group (see the udev rules that ship)")
  }

  @Test func aBusyLineIsNamedWithChipAndHolder() {
    let error = BoardError.lineBusy(chip: "pinctrl-rp1", line: "GPIO17", holder: "gpioset")
    #expect(
      error.description
        == "line 'GPIO17' of GPIO chip 'pinctrl-rp1' is held by 'gpioset': stop that program first")
  }

  @Test func anUnnamedHolderIsSaidToBeUnnamed() {
    let error = BoardError.lineBusy(chip: "rig", line: "FIRE", holder: "")
    #expect(error.description.contains("held by a program that gave no name"))
  }
}
