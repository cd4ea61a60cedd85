// Package audit keeps who changed what: entries that are written in the
// transaction of the change, are never changed, and are chained, so that one that
// was changed or taken out is found.
package audit
