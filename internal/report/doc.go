// Package report is an agency's side: boards with rows held against targets,
// trends, and the drill-down to service points.
//
// # Small cells
//
// A figure about fewer than k people (Options.SmallCell) is given to nobody,
// not even its n, and neither is a set of figures from which it can be computed.
// Protected is, for every survey and calendar year, the table of people by
//
//   - unit: every agency with its subtree, and the service points of each agency,
//   - subject: every row a survey feeds (FIELD, TTHC, SIPAS), and what is left of
//     a row when the others are subtracted, such as answers without a field,
//   - time: months, quarters, halves, nine months and the year,
//   - channel: each, and all together.
//
// No number of people in this table that is below k can be computed by adding and
// subtracting shown figures, whichever boards of the year are put side by side:
// what is hidden depends on the year's answers and not on the board asked for.
// The figures of a quick form's factor questions and choices are protected in
// the same way, each question and choice as a table of its own.
//
// Not protected, because it cannot be without refusing exact figures: that all
// people of a shown cell answered alike (100 %); bounds that follow from knowing
// that no count is negative (cells of nobody are hidden where they would spoil
// the protection of others, but not in every pattern); two looks at a live board before and after an answer
// came in, or two published editions of one period; and, in surveys whose index
// is a mean over many questions, a factor's figure against the same factor of
// other units (the number of people is protected there, and a factor that fewer
// than k people answered is hidden).
package report
