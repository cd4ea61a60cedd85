// Package survey is what is asked and answered: definitions, published
// versions, and the one function that turns an untrusted Submission into an
// accepted Response.
package survey
