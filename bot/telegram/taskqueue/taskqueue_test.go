package taskqueue

import "testing"

func TestAQueueRefusesWhatOneChatHasTooMuchOf(t *testing.T) {
	q := New(nil)
	begun, goOn := make(chan struct{}), make(chan struct{})
	put := func() error { return q.Add(t.Context(), "chat", func() { begun <- struct{}{}; <-goOn }) }
	if err := put(); err != nil {
		t.Fatal(err)
	}
	<-begun
	for range maxQueue {
		if err := put(); err != nil {
			t.Fatal(err)
		}
	}
	if err := put(); err != ErrBusy {
		t.Errorf("error %v, want %v", err, ErrBusy)
	}
	if err := q.Add(t.Context(), "another chat", func() {}); err != nil {
		t.Errorf("another chat: %v", err)
	}
	q.Close()
	if err := put(); err != ErrClosed {
		t.Errorf("error %v, want %v", err, ErrClosed)
	}
	close(goOn)
	for range maxQueue {
		<-begun
	}
	q.Wait()
	if n := len(q.room); n != 0 {
		t.Errorf("%d places are still taken", n)
	}
}
