// Package registry keeps what administrators decide: agencies, service points,
// surveys, targets, settings. Readers take one immutable Snapshot; writers make
// a Change, which every instance sees whole or not at all.
package registry
