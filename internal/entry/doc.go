// Package entry keeps what was answered on paper while it is typed in: batches of sheets,
// typed once or by two people and compared, which become answers when a batch is closed
// (docs/adr/0043).
package entry
