// Package intake is a citizen's side: it finds the form for a service point's
// code and accepts a submission exactly once, many people's answers in one
// durable transaction.
package intake
