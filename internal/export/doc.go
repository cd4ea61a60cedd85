// Package export writes responses for other programs, as lines of JSON or as
// CSV that is safe to open in a spreadsheet, and reads such lines back through
// the door by which citizens' answers come in.
//
// What could lead back to a person is not written: no free text, no receipt,
// and the time only to the hour.
package export
