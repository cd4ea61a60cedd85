// Package fault names what can go wrong, as kinds that every layer speaks of.
package fault
