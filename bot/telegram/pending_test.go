package telegram

import "testing"

func TestUpdatesAreConfirmedOnlyAsFarAsTheyAreDone(t *testing.T) {
	p := newPendingUpdates(0)
	for _, id := range []int64{7, 8, 9} {
		if !p.take(id) {
			t.Fatalf("update %d was not taken", id)
		}
	}
	if p.take(8) {
		t.Error("an update was taken twice")
	}
	p.done(8)
	p.done(9)
	if got := p.offset(); got != 7 {
		t.Errorf("offset %d while 7 is under way", got)
	}
	p.done(7)
	if got := p.offset(); got != 10 || p.waiting() != 0 {
		t.Errorf("offset %d, %d waiting", got, p.waiting())
	}
	if p.take(9) {
		t.Error("an update that is done was taken again")
	}
	p.take(20)
	p.take(21)
	if id := p.letGo(); id != 20 || p.offset() != 21 {
		t.Errorf("let go of %d, offset %d", id, p.offset())
	}
	p.done(20) // late, and of no consequence
	if got := p.offset(); got != 21 {
		t.Errorf("offset %d", got)
	}
}
