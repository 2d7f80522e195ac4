package service

import (
	"container/list"
	"sync"
)

// unread limits the bytes of responses that clients have not read yet, for the whole process. Beyond the
// limit the connections with the oldest unread bytes are closed first, so that slow clients affect only
// each other.
type unread struct {
	limit   int
	onClose func()

	mutex sync.Mutex
	total int
	// writes are the writes in progress, oldest first.
	writes list.List
}

type pendingWrite struct {
	size  int
	close func()
}

func newUnread(limit int, onClose func()) *unread {
	return &unread{limit: limit, onClose: onClose}
}

// begin counts a write until end is called; close ends its connection.
func (u *unread) begin(size int, close func()) (end func()) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	element := u.writes.PushBack(&pendingWrite{size, close})
	u.total += size
	for u.total > u.limit {
		oldest := u.writes.Front()
		oldest.Value.(*pendingWrite).close()
		u.onClose()
		u.remove(oldest)
	}
	return func() {
		u.mutex.Lock()
		defer u.mutex.Unlock()
		u.remove(element)
	}
}

// remove does nothing if the write was removed before.
func (u *unread) remove(element *list.Element) {
	write := element.Value.(*pendingWrite)
	u.total -= write.size
	write.size = 0
	u.writes.Remove(element)
}
