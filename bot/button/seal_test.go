package button

import "testing"

func TestAnotherKeyOpensNothing(t *testing.T) {
	if _, err := open("#another", seal("#key", []byte("x"))); err == nil {
		t.Error("another key opens it")
	}
}
