// Package jobs keeps work for later: it is written in the transaction of the
// change that asks for it, and done by one of the running instances.
//
// A job is done at least once: whoever runs it holds a lease, and when the lease
// is over (the program was killed, the database was away for long) another
// attempt is made. Two runners never hold the same job, and only who holds it
// can end it. A handler that ends its job in the transaction of what it changes
// (Claimed.Done) has changed it exactly once.
//
// All times are the database's own, so that clocks of several instances need
// not agree.
package jobs
