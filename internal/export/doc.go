// Package export writes responses for other programs, as lines of JSON or as
// CSV that is safe to open in a spreadsheet, and reads such lines back through
// the door by which citizens' answers come in.
//
// What could lead back to a person is not written: no free text, no receipt, no
// id that tells a time, and of the time only the half month, if not asked for
// the hour. The order of the rows is drawn anew for each file.
package export
