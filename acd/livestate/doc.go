// Package livestate keeps what the floor must not lose when its process dies: the journal of its
// events on the local disk, the state of calls and seats and the stream of events in Redis, and
// the lease by which one floor leads.
//
// The journal comes first and never waits for anybody. Its followers read it in order, each at
// its own pace, and catch up after they were away. Whatever is written to Redis carries the
// leader's epoch, and a lower one is refused.
package livestate
