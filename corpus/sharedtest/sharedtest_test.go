package sharedtest

import "testing"

func TestWhatIsMissingIsSkippedAndSaidInOneLine(t *testing.T) {
	for range 2 {
		t.Run("needs a folder", func(t *testing.T) {
			Path(t, "no such folder", "file")
			t.Error("not skipped")
		})
	}
	want := "NOT CHECKED in this package, since ../shared is not beside the project: no such folder/file (2 times)\n"
	if got := report(); got != want {
		t.Errorf("%q, not %q", got, want)
	}
}
