// Package store keeps answers and their tallies. What citizens make is written
// by set statements, many people's answers in one transaction.
package store
