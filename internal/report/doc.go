// Package report is an agency's side: boards with rows held against targets,
// trends, and the drill-down to service points.
//
// Whatever a board shows is a sum of what package store shows: answers of groups of
// at least k people. So no figure, and no difference of figures of whichever boards,
// is about fewer, and nothing is left to hide here. A figure of nobody says that fewer
// than k wait, or that nobody answered. Questions, choices and people are shown in
// groups of their own, so their numbers need not agree.
package report
