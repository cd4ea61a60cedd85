// Package survey holds the domain types and rules of the platform: agencies
// and their service points, survey definitions and published versions, and the
// one function that turns an untrusted Submission into an accepted Response.
// It imports the standard library only.
package survey
