// Package auth says who asks and what they may do: passwords, sessions of
// browsers, tokens of programs, roles and the part of the agency tree that
// each may see. Whatever it does not know, it refuses.
package auth
